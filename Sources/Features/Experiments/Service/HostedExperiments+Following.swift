import EdisonCore
import EdisonEvents
import EdisonSQL

/// What a follower of an experiment must know of it.
extension HostedExperiments {
    /// How far its events are, and whether more of them come by themselves; both of one moment.
    func standing(of id: Experiment.ID) async throws -> (position: Int64, goesOn: Bool) {
        try await database.read { db in
            guard let found = try store.experiment(id, in: db) else { throw Self.missing }
            let position = try EventLog.position(of: ExperimentStore.stream(of: id), db)
            return (position, found.experiment.status == .running)
        }
    }
}
