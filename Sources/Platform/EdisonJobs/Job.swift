package import EdisonCore
import EdisonSQL

/// A piece of work in the queue, as it is stored.
package struct Job: Hashable, Sendable {
    package typealias ID = EdisonCore.ID<Job>

    package let id: ID
    package let kind: JobKind
    /// Who waits for it: an organisation, an experiment. Owners share the workers evenly.
    package let owner: String
    /// Where it is shown; nil: only to whoever runs the installation.
    package let project: ProjectID?
    package let payload: JSONValue
    package let status: JobStatus
    /// Among the jobs of one owner the highest goes first; it gives no advantage over other owners.
    package let priority: Int
    /// How often a worker has taken it.
    package let attempts: Int
    package let maxAttempts: Int
    package let progress: JSONValue
    package let lastError: String?
    package let isCancelRequested: Bool
    package let worker: String?
    /// Not before this moment; when it waits for its next attempt, the end of the wait.
    package let scheduledAt: Timestamp
    package let leaseUntil: Timestamp?
    package let createdAt: Timestamp
    package let startedAt: Timestamp?
    package let finishedAt: Timestamp?
    /// Which claim this is: what an earlier one still wants to say is refused.
    let fence: Int64
}

/// Failed jobs are the dead letters: all attempts are used up, the last error is kept, and a person may retry them.
package enum JobStatus: String, CaseIterable, Sendable {
    case pending, active, completed, failed, cancelled

    package var isFinal: Bool { self != .pending && self != .active }
}

extension Job {
    init(_ row: Row) throws {
        let word = try row.string("status")
        guard let status = JobStatus(rawValue: word) else {
            throw EdisonError(.internal, "A job has the unknown status \"\(word)\".")
        }
        self.init(
            id: try row.id("id"), kind: JobKind(try row.string("kind")), owner: try row.string("owner"),
            project: try row.optionalID("project_id"),
            payload: try row.json("payload"), status: status, priority: try row.int("priority"),
            attempts: try row.int("attempts"), maxAttempts: try row.int("max_attempts"),
            progress: try row.json("progress"), lastError: try row.optionalString("last_error"),
            isCancelRequested: try row.bool("cancel_requested"), worker: try row.optionalString("worker"),
            scheduledAt: try row.timestamp("scheduled_at"), leaseUntil: try row.optionalTimestamp("lease_until"),
            createdAt: try row.timestamp("created_at"), startedAt: try row.optionalTimestamp("started_at"),
            finishedAt: try row.optionalTimestamp("finished_at"), fence: try row.int64("fence"))
    }
}
