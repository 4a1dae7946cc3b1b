package import EdisonCore
package import EdisonSQL

/// What becomes of a claimed job. Each is refused, with false, when the claim is no longer the last one: another worker
/// has taken the job over, and only its word counts.
extension JobQueue {
    /// Inside a transaction of the job's own work, so that its effects are stored with its completion or not at all.
    /// Saying it twice does no harm.
    package func complete(_ job: Job, _ db: any DatabaseConnection) throws -> Bool {
        if try finish(job, .completed, error: nil, db) { return true }
        let row = try db.fetchOne(
            "SELECT id FROM job WHERE id = \(job.id) AND status = 'completed' AND fence = \(job.fence)")
        return row != nil
    }

    /// Waits for the next attempt, or goes to the dead letters when there is none; the error is kept either way.
    /// Returns the new status, nil when refused.
    package func fail(
        _ job: Job, _ error: any Error, retry: RetryStrategy, random: Double, _ db: any DatabaseConnection
    ) throws -> JobStatus? {
        let text = String("\(error)".prefix(4_000))
        if error is UnrecoverableJobError || job.attempts >= job.maxAttempts {
            return try finish(job, .failed, error: text, db) ? .failed : nil
        }
        let next = try time.now(db).advanced(by: retry.delay(after: job.attempts, random: random))
        return try waitAgain(job, until: next, attempts: job.attempts, error: text, db)
    }

    package func stopCancelled(_ job: Job, _ db: any DatabaseConnection) throws -> Bool {
        try finish(job, .cancelled, error: nil, db)
    }

    /// Gives a job back unfinished, because the worker stops: it is due at once, and the attempt does not count.
    package func release(_ job: Job, _ db: any DatabaseConnection) throws -> JobStatus? {
        tellOfWork(db)
        return try waitAgain(job, until: job.scheduledAt, attempts: job.attempts - 1, error: nil, db)
    }

    /// A job that somebody wants cancelled does not wait again: it ends here.
    private func waitAgain(
        _ job: Job, until next: Timestamp, attempts: Int, error: String?, _ db: any DatabaseConnection
    ) throws -> JobStatus? {
        let now = try time.now(db)
        let row = try db.fetchOne(
            """
            UPDATE job SET status = CASE WHEN cancel_requested = 1 THEN 'cancelled' ELSE 'pending' END,
                finished_at = CASE WHEN cancel_requested = 1 THEN \(now) END, lease_until = NULL, worker = NULL,
                attempts = \(attempts), last_error = COALESCE(\(error), last_error), scheduled_at = \(next)
            WHERE id = \(job.id) AND status = 'active' AND fence = \(job.fence)
            RETURNING status
            """)
        return try row.flatMap { JobStatus(rawValue: try $0.string("status")) }
    }

    /// Shows how far a running job has come.
    package func report(_ progress: JSONValue, of job: Job, _ db: any DatabaseConnection) throws -> Bool {
        try db.execute(
            """
            UPDATE job SET progress = \(progress)
            WHERE id = \(job.id) AND status = 'active' AND fence = \(job.fence)
            """) > 0
    }

    /// Whether a worker still holds a job, and whether it should go on.
    package enum Standing: Sendable { case held, cancelRequested, lost }

    /// Extends the leases of a worker's running jobs, in one transaction, and tells how each stands.
    package func heartbeat(_ jobs: [Job]) async throws -> [Job: Standing] {
        if jobs.isEmpty { return [:] }
        return try await database.write { db in
            let until = try time.now(db).advanced(by: lease)
            var standings: [Job: Standing] = [:]
            for job in jobs.sorted(by: { $0.id < $1.id }) {
                let row = try db.fetchOne(
                    """
                    UPDATE job SET lease_until = \(until)
                    WHERE id = \(job.id) AND status = 'active' AND fence = \(job.fence)
                    RETURNING cancel_requested
                    """)
                standings[job] = try row.map { try $0.bool("cancel_requested") ? .cancelRequested : .held } ?? .lost
            }
            return standings
        }
    }

    /// Which of these jobs somebody wants stopped.
    func cancelRequests(among jobs: [Job]) async throws -> [Job] {
        if jobs.isEmpty { return [] }
        return try await database.read { db in
            let rows = try db.fetch("SELECT id FROM job WHERE cancel_requested = 1 AND id IN (\(list: jobs.map(\.id)))")
            let asked = try Set(rows.map { try $0.id("id", Job.self) })
            return jobs.filter { asked.contains($0.id) }
        }
    }

    private func finish(
        _ job: Job, _ status: JobStatus, error: String?, _ db: any DatabaseConnection
    ) throws -> Bool {
        let now = try time.now(db)
        return try db.execute(
            """
            UPDATE job SET status = \(status.rawValue), lease_until = NULL,
                last_error = COALESCE(\(error), last_error), finished_at = \(now)
            WHERE id = \(job.id) AND status = 'active' AND fence = \(job.fence)
            """) > 0
    }
}
