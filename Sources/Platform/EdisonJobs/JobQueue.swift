package import EdisonCore
package import EdisonSQL

/// The queue in the database. Jobs are enqueued inside the caller's transaction, so there is never a job without the
/// change that asked for it, nor the other way round.
package struct JobQueue: Sendable {
    let database: Database
    let time: JobTime
    let ids: IDSource
    let signal = JobSignal()
    /// How long a claim holds without a heartbeat.
    let lease: Duration

    package init(
        database: Database, time: JobTime = .database, ids: IDSource = .random, lease: Duration = .seconds(60)
    ) {
        self.database = database
        self.time = time
        self.ids = ids
        self.lease = lease
    }

    /// Queues a job when the caller's transaction is stored. With an idempotency key that was used before, the id is
    /// that of the job that is there already.
    @discardableResult
    package func enqueue(
        _ parameters: some JobParameters, _ options: JobOptions, _ db: any DatabaseConnection
    ) throws -> Job.ID {
        try enqueue(kind: type(of: parameters).kind, payload: parameters.json, options, db).id
    }

    /// Queues several jobs of one owner in a transaction of their own.
    package func enqueue(_ jobs: [some JobParameters], _ options: JobOptions) async throws -> [Job.ID] {
        try await database.write { db in try jobs.map { try enqueue($0, options, db) } }
    }

    func enqueue(
        kind: JobKind, payload: JSONValue, _ options: JobOptions, _ db: any DatabaseConnection
    ) throws -> (id: Job.ID, isNew: Bool) {
        let now = try time.now(db)
        try admit(options.owner, db)
        let row = try db.fetchOne(
            """
            INSERT INTO job
                (id, kind, owner, project_id, payload, status, priority, attempts, max_attempts, idempotency_key,
                 scheduled_at, created_at)
            VALUES
                (\(ids.next(Job.self)), \(kind.name), \(options.owner), \(options.project), \(payload), 'pending',
                 \(options.priority), 0, \(max(1, options.maxAttempts)), \(options.idempotencyKey), \(options.runAt ?? now), \(now))
            ON CONFLICT (owner, kind, idempotency_key) WHERE idempotency_key IS NOT NULL DO NOTHING
            RETURNING id
            """)
        if let row {
            tellOfWork(db)
            return (try row.id("id"), true)
        }
        let earlier = try db.fetchOne(
            """
            SELECT id FROM job WHERE owner = \(options.owner) AND kind = \(kind.name)
                AND idempotency_key = \(options.idempotencyKey)
            """)
        guard let earlier else { throw EdisonError(.internal, "A job was neither queued nor found.") }
        return (try earlier.id("id"), false)
    }

    /// Wakes the workers of this queue, and those elsewhere that listen (`JobWorker.runHearing`).
    func tellOfWork(_ db: any DatabaseConnection) {
        db.afterCommit { [signal] in signal.wake() }
        db.notify(Self.channel, "")
    }

    static let channel = "job"

    /// Cancels a waiting job at once; asks the worker of a running one to stop, which it does within seconds.
    /// Returns whether there was anything to cancel.
    @discardableResult
    package func cancel(_ job: Job.ID, _ db: any DatabaseConnection) throws -> Bool {
        let now = try time.now(db)
        let stopped = try db.execute(
            """
            UPDATE job SET status = 'cancelled', cancel_requested = 1, finished_at = \(now)
            WHERE id = \(job) AND status = 'pending'
            """)
        if stopped > 0 { return true }
        let asked = try db.execute("UPDATE job SET cancel_requested = 1 WHERE id = \(job) AND status = 'active'")
        return asked > 0
    }

    /// Gives a dead letter, or a cancelled job, all its attempts again.
    @discardableResult
    package func retry(_ job: Job.ID, _ db: any DatabaseConnection) throws -> Bool {
        let now = try time.now(db)
        let changed = try db.execute(
            """
            UPDATE job SET status = 'pending', attempts = 0, cancel_requested = 0, finished_at = NULL, worker = NULL,
                scheduled_at = \(now)
            WHERE id = \(job) AND status IN ('failed', 'cancelled')
            """)
        if changed > 0 { tellOfWork(db) }
        return changed > 0
    }
}
