import EdisonCore
package import EdisonEvents
import EdisonPrompts
import EdisonSQL

/// What followers of a run are told (requirement E16).
extension ExperimentStore {
    /// The stream of one run.
    package static func stream(of experiment: Experiment.ID) -> EventStream { EventStream("experiment", experiment) }

    func record(_ status: ExperimentStatus, _ reason: StopReason?, in db: any DatabaseConnection) throws {
        try events.record(
            EventKind("experiment:\(status.rawValue)"), ["stop_reason": JSONValue(reason?.rawValue)],
            in: Self.stream(of: experiment), db)
    }

    func announce(_ iteration: IterationRecord, in db: any DatabaseConnection) throws {
        guard let kind = EventKind(reached: iteration.status) else { return }
        try events.record(
            kind,
            [
                "iteration": .integer(Int64(iteration.number)), "status": .string(iteration.status.rawValue),
                "version_id": .string(iteration.version.text),
                "composite": iteration.metrics?.composite?.json ?? .null,
            ], in: Self.stream(of: experiment), db)
    }
}

extension EventKind {
    /// The event of arriving at a state, named after what is done by then.
    init?(reached status: IterationStatus) {
        switch status {
        case .pending: return nil
        case .executing: self = "iteration:started"
        case .judging: self = "iteration:executed"
        case .aggregating: self = "iteration:judged"
        case .refining: self = "iteration:aggregated"
        case .reviewing: self = "iteration:suggested"
        case .completed: self = "iteration:completed"
        case .failed: self = "iteration:failed"
        case .cancelled: self = "iteration:cancelled"
        }
    }
}
