import EdisonCore
import EdisonEvents
import EdisonJobs
import EdisonSQL

/// What whoever runs the installation does with jobs; each change is written down in its transaction.
struct JobAdministration: Sendable {
    let database: Database
    let queue: JobQueue
    private let audit = AuditTrail()

    func job(_ id: Job.ID) async throws -> Job {
        guard let job = try await queue.job(id) else { throw EdisonError(.notFound, "There is no such job.") }
        return job
    }

    func cancel(_ id: Job.ID, by actor: Actor) async throws -> Job {
        try await change(id, "job.cancelled", by: actor, queue.cancel) {
            EdisonError(.conflict, "The job is \($0.status.rawValue): there is nothing to cancel.")
        }
    }

    func retry(_ id: Job.ID, by actor: Actor) async throws -> Job {
        try await change(id, "job.retried", by: actor, queue.retry) {
            EdisonError(
                .conflict, "The job is \($0.status.rawValue).",
                detail: "Only failed and cancelled jobs can be tried again.")
        }
    }

    private func change(
        _ id: Job.ID, _ action: String, by actor: Actor,
        _ change: @escaping @Sendable (Job.ID, any DatabaseConnection) throws -> Bool,
        or refusal: @escaping @Sendable (Job) -> EdisonError
    ) async throws -> Job {
        try await database.write { db in
            guard let before = try queue.job(id, db) else { throw EdisonError(.notFound, "There is no such job.") }
            guard try change(id, db), let after = try queue.job(id, db) else { throw refusal(before) }
            var actor = actor
            actor.project = actor.project ?? after.project
            try audit.record(
                action, of: ("job", id.text), by: actor,
                changes: [
                    "status": ["from": .string(before.status.rawValue), "to": .string(after.status.rawValue)],
                    "cancel_requested": [
                        "from": .bool(before.isCancelRequested), "to": .bool(after.isCancelRequested),
                    ],
                ], metadata: ["kind": .string(after.kind.name), "owner": .string(after.owner)], db)
            return after
        }
    }
}
