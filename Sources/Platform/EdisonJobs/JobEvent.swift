/// What a worker tells of its work, for logs and metrics.
package enum JobEvent: Sendable {
    case started(Job)
    case completed(Job)
    /// An attempt failed; the status says whether another follows.
    case failed(Job, JobStatus, any Error)
    case cancelled(Job)
    /// The worker stops and has given the job back.
    case released(Job)
    /// Another worker has taken the job over; what this one did is not counted.
    case lost(Job)
    /// The queue itself could not be reached; the worker goes on trying.
    case trouble(any Error)
}
