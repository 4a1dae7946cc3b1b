package import EdisonCore
package import EdisonDatasets
package import EdisonPrompts

/// One iteration as it is stored.
package struct IterationRecord: Sendable {
    package let number: Int
    package let version: PromptVersion.ID
    /// The cases that the metrics rest on.
    package var cases: [TestCase.ID] = []
    package var status: IterationStatus
    package var metrics: IterationMetrics.Values?
    package var summary: JSONValue?
    /// Proposals that were refused, with the reasons.
    package var refused: [String] = []
    /// What was spent while the iteration ran; nil = unknown.
    package var cost: Money?

    package init(number: Int, version: PromptVersion.ID, status: IterationStatus = .pending) {
        self.number = number
        self.version = version
        self.status = status
    }
}

/// The states of an iteration, and the only moves between them.
package enum IterationStatus: String, Sendable, CaseIterable {
    case pending, executing, judging, aggregating, refining, reviewing, completed, failed, cancelled

    package var isTerminal: Bool { [.completed, .failed, .cancelled].contains(self) }

    private var next: Set<IterationStatus> {
        switch self {
        case .pending: [.executing]
        case .executing: [.judging]
        case .judging: [.aggregating]
        case .aggregating: [.refining, .completed]
        case .refining: [.reviewing]
        // Requested changes send the iteration back to the refiner.
        case .reviewing: [.refining, .completed]
        case .completed, .failed, .cancelled: []
        }
    }

    package func advanced(to status: IterationStatus) throws(EdisonError) -> IterationStatus {
        if next.contains(status) || !isTerminal && (status == .failed || status == .cancelled) { return status }
        throw EdisonError(.conflict, "An iteration cannot go from \(rawValue) to \(status.rawValue).")
    }
}

/// The states of an experiment, and the only moves between them.
package enum ExperimentStatus: String, Sendable, CaseIterable {
    case draft, running, paused, completed, failed, cancelled, archived

    private var next: Set<ExperimentStatus> {
        switch self {
        case .draft: [.running, .cancelled, .archived]
        case .running: [.paused, .completed, .failed, .cancelled]
        case .paused: [.running, .cancelled]
        // A run that stopped at a limit goes on when the limit is raised, a failed one when its cause is mended.
        case .completed, .failed: [.running, .archived]
        // What a person has ended stays ended.
        case .cancelled: [.archived]
        case .archived: []
        }
    }

    package func advanced(to status: ExperimentStatus) throws(EdisonError) -> ExperimentStatus {
        if status == self || next.contains(status) { return status }
        throw EdisonError(.conflict, "An experiment cannot go from \(rawValue) to \(status.rawValue).")
    }
}
