import EdisonCore
import EdisonEvents
import EdisonSQL

/// Putting experiments away that nobody works on.
extension HostedExperiments {
    /// Hides it: the list shows it when it is asked for archived ones.
    func archive(_ id: Experiment.ID, by actor: Actor) async throws -> HostedExperiment {
        let found = try await idle(id)
        try await service(of: found.project).archive(Self.run(found))
        try await note("experiment.archived", found, by: actor)
        return try await experiment(id)
    }

    /// Takes it away for good, with its cases, outputs and calls; what it cost stays in the budgets that paid for it.
    func delete(_ id: Experiment.ID, by actor: Actor) async throws {
        let found = try await idle(id)
        try await service(of: found.project).delete(Self.run(found))
        try await note("experiment.deleted", found, by: actor)
    }

    private func idle(_ id: Experiment.ID) async throws -> HostedExperiment {
        let found = try await experiment(id)
        guard found.experiment.status != .running else {
            throw EdisonError(.conflict, "The experiment is running.", detail: "Cancel or pause it first.")
        }
        return found
    }

    private static func run(_ found: HostedExperiment) -> StoredRun {
        StoredRun(
            experiment: found.experiment, file: nil, finishedAt: nil, iterations: 0, outcome: nil, production: nil)
    }

    private func note(_ action: String, _ found: HostedExperiment, by actor: Actor) async throws {
        try await database.write { db in
            try audit.record(
                action, of: ("experiment", found.id.text), by: actor,
                changes: ["name": .string(found.experiment.name)], db)
        }
    }
}
