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
/// are made up for by one job.
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
        let next = schedule.recurrence.next(after: now)
        let recurrence = schedule.recurrence.description
        // A new or changed schedule begins with its next time.
        try db.execute(
            """
            INSERT INTO job_schedule (name, recurrence, due_at) VALUES (\(schedule.name), \(recurrence), \(next))
            ON CONFLICT (name) DO UPDATE SET recurrence = excluded.recurrence, due_at = excluded.due_at
            WHERE job_schedule.recurrence <> excluded.recurrence
            """)
        let moved = try db.execute(
            "UPDATE job_schedule SET due_at = \(next) WHERE name = \(schedule.name) AND due_at <= \(now)")
        if moved == 0 { return false }
        _ = try queue.enqueue(kind: schedule.kind, payload: schedule.payload, schedule.options, db)
        return true
    }
}
