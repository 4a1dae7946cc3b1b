import EdisonCore
import EdisonSQL
import Foundation
import Synchronization

@testable import EdisonJobs

extension QueueProcess {
    /// Plays the part that this process was started for; false when it was started for none.
    static func plays() async throws -> Bool {
        guard let (part, name, place) = given else { return false }
        // The test that it is started for has two cases.
        if hasPlayed.withLock({ before in
            defer { before = true }
            return before
        }) {
            return true
        }
        // A process whose starter is gone does not stay.
        alarm(120)
        let database = try await Database.open(place)
        switch part {
        case .work: await worker(name, database) { try await finish($0, name) }.drain()
        case .hold:
            let queue = JobQueue(database: database, lease: .seconds(2))
            _ = try await queue.claim([Chore.kind], by: name)
            try await Task.sleep(for: .seconds(120))
        case .hang:
            await worker(name, database) { context in
                try await begin(context, name)
                try await Task.sleep(for: .seconds(120))
            }.drain()
        case .tick: try await tick(name, database)
        case .dieInTick:
            let looks = Looks()
            let time = JobTime(
                now: { db in
                    // The second look at the clock in a tick is that of the queue, when it makes the job.
                    if looks.next() == 2 { Foundation.kill(getpid(), SIGKILL) }
                    return try clock(db)
                }, sleep: { _ in })
            try await JobScheduler(JobQueue(database: database, time: time), schedules).tick()
        }
        await database.close()
        return true
    }

    private static let hasPlayed = Mutex(false)

    static func worker(
        _ name: String, _ database: Database, _ perform: @escaping @Sendable (JobContext) async throws -> Void
    ) -> JobWorker {
        let definition = JobDefinition(Chore.self) { _, context in try await perform(context) }
        return JobWorker(
            name, queue: JobQueue(database: database), definitions: [definition],
            settings: .init(concurrency: 4, lookEvery: .milliseconds(100)))
    }

    /// What the processes do to the database, beside the product's own tables.
    static func makeTables(_ database: Database) async throws {
        try await database.write { db in
            try db.execute("CREATE TABLE effect (job TEXT NOT NULL, worker TEXT NOT NULL)")
            try db.execute("CREATE TABLE begun (job TEXT NOT NULL, worker TEXT NOT NULL, attempt BIGINT NOT NULL)")
            try db.execute("CREATE TABLE clock (now BIGINT NOT NULL)")
            try db.execute("CREATE TABLE seen (name TEXT NOT NULL PRIMARY KEY, now BIGINT NOT NULL)")
        }
    }

    /// The effect of a job, stored with its completion.
    static func finish(_ context: JobContext, _ worker: String) async throws {
        try await context.queue.database.write { db in
            try db.execute("INSERT INTO effect (job, worker) VALUES (\(context.job.id), \(worker))")
            try context.complete(db)
        }
    }

    static func begin(_ context: JobContext, _ worker: String) async throws {
        try await context.queue.database.write { db in
            try db.execute(
                "INSERT INTO begun (job, worker, attempt) VALUES (\(context.job.id), \(worker), \(context.job.attempts))"
            )
        }
    }

    static let schedules = [
        ("roll-up", Recurrence.hourly(minute: 0)), ("digest", .daily(hour: 6, minute: 0)),
        ("report", .weekly(day: 1, hour: 8, minute: 0)),
    ].map { JobSchedule($0, $1, Chore($0), JobOptions(owner: "system")) }

    static func clock(_ db: any DatabaseConnection) throws -> Timestamp {
        guard let row = try db.fetchOne("SELECT now FROM clock") else { throw EdisonError(.internal, "No clock.") }
        return try row.timestamp("now")
    }

    static func schedulers(_ database: Database) -> JobScheduler {
        let time = JobTime(now: { try clock($0) }, sleep: { _ in })
        return JobScheduler(JobQueue(database: database, time: time), schedules)
    }

    /// Until the clock stands at 0; notes after each tick at which time it was.
    private static func tick(_ name: String, _ database: Database) async throws {
        let scheduler = schedulers(database)
        while true {
            let now = try await database.read { try clock($0) }
            if now.microseconds == 0 { return }
            try await scheduler.tick()
            try await database.write { db in
                try db.execute(
                    """
                    INSERT INTO seen (name, now) VALUES (\(name), \(now))
                    ON CONFLICT (name) DO UPDATE SET now = excluded.now
                    """)
            }
            try await Task.sleep(for: .milliseconds(2))
        }
    }
}

/// How often a clock was looked at.
private final class Looks: Sendable {
    private let count = Mutex(0)

    func next() -> Int {
        count.withLock { count in
            count += 1
            return count
        }
    }
}
