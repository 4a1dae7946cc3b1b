import EdisonCore
import EdisonSQL

/// A job that recurs.
package struct JobSchedule: Sendable {
    /// Names the schedule in the table: the same in every process and version.
    package let name: String
    package let recurrence: Recurrence
    let kind: JobKind
    let payload: JSONValue
    let options: JobOptions

    /// - Parameter options: an idempotency key has no meaning here: each due time has one of its own.
    package init(_ name: String, _ recurrence: Recurrence, _ parameters: some JobParameters, _ options: JobOptions) {
        self.name = name
        self.recurrence = recurrence
        kind = type(of: parameters).kind
        payload = parameters.json
        self.options = options
    }
}

/// Queues recurring jobs, each time once, however many processes run a scheduler on the same database.
///
/// Whoever moves a schedule's due time on queues the job, in one transaction. Times that passed while no process ran
/// are made up for by one job, that of the last of them.
///
/// A clock that is set back a little waits for the due time that it has already come near; one that is set back by more
/// than a turn had been wrong, and the schedule goes by what it says now. A due time whose job is still kept is not
/// queued again even then.
package struct JobScheduler: Sendable {
    private let queue: JobQueue
    private let schedules: [JobSchedule]

    package init(_ queue: JobQueue, _ schedules: [JobSchedule]) {
        self.queue = queue
        self.schedules = schedules
    }

    /// Queues what is due; returns the names of the schedules that this process fired.
    @discardableResult
    package func tick() async throws -> [String] {
        try await queue.database.write { db in
            let now = try queue.time.now(db)
            return try schedules.sorted { $0.name < $1.name }.filter { try fire($0, now, db) }.map(\.name)
        }
    }

    /// Ticks until the task is cancelled.
    package func run(every interval: Duration = .seconds(10), trouble: @Sendable (any Error) -> Void = { _ in }) async {
        while !Task.isCancelled {
            do { try await tick() } catch { if !(error is CancellationError) { trouble(error) } }
            if (try? await queue.time.sleep(interval)) == nil { return }
        }
    }

    private func fire(_ schedule: JobSchedule, _ now: Timestamp, _ db: any DatabaseConnection) throws -> Bool {
        let recurrence = schedule.recurrence
        let next = recurrence.next(after: now)
        // A new or changed schedule begins with its next time.
        try db.execute(
            """
            INSERT INTO job_schedule (name, recurrence, due_at)
            VALUES (\(schedule.name), \(recurrence.description), \(next))
            ON CONFLICT (name) DO UPDATE SET recurrence = excluded.recurrence, due_at = excluded.due_at
            WHERE job_schedule.recurrence <> excluded.recurrence OR job_schedule.due_at > \(recurrence.next(after: next))
            """)
        let moved = try db.execute(
            "UPDATE job_schedule SET due_at = \(next) WHERE name = \(schedule.name) AND due_at <= \(now)")
        if moved == 0 { return false }
        var options = schedule.options
        options.idempotencyKey = "\(schedule.name) at \(recurrence.latest(upTo: now).microseconds)"
        return try queue.enqueue(kind: schedule.kind, payload: schedule.payload, options, db).isNew
    }
}
