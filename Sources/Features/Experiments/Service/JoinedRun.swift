import EdisonCore
import EdisonEvaluation
import EdisonSQL

/// A run that several processes work on: one leads it, the others do jobs that it queues. When the leader dies one of
/// them leads; when it ends they have its result.
struct JoinedRun: Sendable {
    let preparation: RunPreparation
    let definition: ExperimentDefinition
    let kind: Experiment.Kind
    let project: String

    /// Waits for the lead, and works meanwhile.
    ///
    /// - Parameter isNew: a new run is nobody else's, so there is nothing to take part in.
    func lead(isNew: Bool) async throws -> (claim: ExclusiveClaim, hasTakenPart: Bool) {
        if let claim = try await claim() { return (claim, false) }
        // Whoever only looks whether a run is led holds the lead for a moment.
        try await Task.sleep(for: .milliseconds(50))
        if let claim = try await claim() { return (claim, false) }
        preparation.report(.joining)
        while true {
            if !isNew, let context = try await context() {
                return (try await context.shared.working { try await awaitLead(context.shared) }, true)
            }
            try await Task.sleep(for: .milliseconds(200))
            if let claim = try await claim() { return (claim, false) }
        }
    }

    /// What the leader of a run holds.
    static func claimName(_ identity: ContentHash, project: String) -> String { "run \(project) \(identity.text)" }

    private func awaitLead(_ shared: SharedEvaluation) async throws -> ExclusiveClaim {
        var isToldOfFailure = false
        while true {
            try await Task.sleep(for: .milliseconds(200))
            if let words = shared.failure, !isToldOfFailure {
                isToldOfFailure = true
                preparation.report(.leftOut(words))
            }
            if let claim = try await claim() { return claim }
        }
    }

    private func claim() async throws -> ExclusiveClaim? {
        try await preparation.database.claim(Self.claimName(definition.identity(kind: kind), project: project))
    }

    private func context() async throws -> RunContext? {
        guard let found = try await preparation.catalog.find(definition.identity(kind: kind)) else { return nil }
        return try await preparation.joiningContext(found, definition)
    }
}
