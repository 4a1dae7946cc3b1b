package import EdisonCore
package import EdisonSQL

/// What a worker does with one kind of job.
///
/// A job may run more than once (a worker dies after the work and before the word of it), so its effects are keyed by
/// something of its own, or stored in the transaction that completes it.
package struct JobDefinition: Sendable {
    package let kind: JobKind
    package let retry: RetryStrategy
    /// Longer than this is a failed attempt.
    package let timeLimit: Duration
    /// Ends within a minute or so, and does not wait behind jobs that take hours: processes keep places for such.
    package let isBrief: Bool
    let perform: @Sendable (JSONValue, JobContext) async throws -> Void

    package init<Parameters: JobParameters>(
        _: Parameters.Type = Parameters.self, retry: RetryStrategy = RetryStrategy(),
        timeLimit: Duration = .seconds(3_600), isBrief: Bool = false,
        perform: @escaping @Sendable (Parameters, JobContext) async throws -> Void
    ) {
        kind = Parameters.kind
        self.retry = retry
        self.timeLimit = timeLimit
        self.isBrief = isBrief
        self.perform = { payload, context in
            let parameters: Parameters
            do { parameters = try Parameters(json: payload) } catch {
                throw UnrecoverableJobError("The parameters of the job cannot be read: \(error)")
            }
            try await perform(parameters, context)
        }
    }
}

/// What a running job knows of itself.
package struct JobContext: Sendable {
    package let job: Job
    let queue: JobQueue
    let running: RunningJobs

    /// Completes the job inside a transaction of its own work, so that its effects are stored exactly once: throws
    /// `CancellationError`, which undoes them, when another worker has taken the job over.
    package func complete(_ db: any DatabaseConnection) throws {
        if try !queue.complete(job, db) { throw CancellationError() }
    }

    /// Whether the worker is about to stop: a long job ends at its next safe point, with a `CancellationError`, and goes
    /// back to the queue without losing an attempt. One that goes on is cancelled when the time of grace is over.
    package var isStopping: Bool { running.isClosed }

    /// Waits until the worker is about to stop; for a job that waits for something else meanwhile.
    package func untilStopping() async { await running.untilClosed() }

    /// Shows how far the job has come; throws `CancellationError` when it is no longer this worker's.
    package func report(_ progress: JSONValue) async throws {
        let isHeld = try await queue.database.write { db in try queue.report(progress, of: job, db) }
        if !isHeld { throw CancellationError() }
    }
}
