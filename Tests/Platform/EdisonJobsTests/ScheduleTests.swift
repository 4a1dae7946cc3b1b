import EdisonCore
import EdisonJobs
import EdisonSQL
import EdisonTestKit
import Foundation
import Testing

@Suite("Schedules", .timeLimit(.minutes(6)))
struct ScheduleTests {
    @Test(
        "the next time of a recurrence",
        arguments: [
            (Recurrence.hourly(minute: 5), "2026-03-04T10:04:59Z", "2026-03-04T10:05:00Z"),
            (.hourly(minute: 5), "2026-03-04T10:05:00Z", "2026-03-04T11:05:00Z"),
            (.daily(hour: 0, minute: 0), "2026-12-31T23:59:59Z", "2027-01-01T00:00:00Z"),
            (.daily(hour: 9, minute: 30), "2024-02-28T09:30:00Z", "2024-02-29T09:30:00Z"),
            (.weekly(day: 1, hour: 8, minute: 0), "2026-11-24T12:00:00Z", "2026-11-30T08:00:00Z"),
            (.weekly(day: 2, hour: 12, minute: 1), "2026-11-24T12:00:00Z", "2026-11-24T12:01:00Z"),
            (.weekly(day: 7, hour: 23, minute: 59), "2026-11-24T12:00:00Z", "2026-11-29T23:59:00Z"),
            (.weekly(day: 4, hour: 0, minute: 0), "1969-12-31T23:00:00Z", "1970-01-01T00:00:00Z"),
        ])
    func next(_ recurrence: Recurrence, _ from: String, _ expected: String) throws {
        let start = try Date(from, strategy: .iso8601)
        let next = try Date(expected, strategy: .iso8601)
        #expect(recurrence.next(after: Timestamp(start)) == Timestamp(next))
    }

    private func hourly(_ minute: Int = 0) -> JobSchedule {
        JobSchedule("roll-up", .hourly(minute: minute), Chore("roll up"), JobOptions(owner: "system"))
    }

    private func expect(
        _ scheduler: JobScheduler, fires names: [String], sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        let fired = try await scheduler.tick()
        #expect(fired == names, sourceLocation: sourceLocation)
    }

    @Test("four processes that tick together fire a schedule once each time", arguments: TestDatabase.allCases)
    func once(_ kind: TestDatabase) async throws {
        try await kind.place { place in
            let time = ManualTime()
            var databases: [Database] = []
            for _ in 0..<4 { databases.append(try await Database.open(place)) }
            try await TestDatabase.migrate(databases[0])
            let schedules = [
                hourly(),
                JobSchedule("digest", .daily(hour: 6, minute: 0), Chore("digest"), JobOptions(owner: "system")),
            ]
            let schedulers = databases.map { JobScheduler(JobQueue(database: $0, time: time.jobTime), schedules) }
            var fired: [[String]] = []
            for _ in 0..<30 {
                let names = try await withThrowingTaskGroup(of: [String].self) { group in
                    for scheduler in schedulers { for _ in 0..<2 { group.addTask { try await scheduler.tick() } } }
                    return try await group.reduce(into: []) { $0 += $1 }
                }
                fired.append(names)
                time.advance(.seconds(3_600))
            }
            // The first tick only notes when to begin.
            #expect(fired[0].isEmpty)
            #expect(fired.dropFirst().allSatisfy { $0.count { $0 == "roll-up" } == 1 })
            #expect(fired.joined().count { $0 == "digest" } == 1)
            let queue = JobQueue(database: databases[0], time: time.jobTime)
            #expect(try await queue.counts() == [Chore.kind: [.pending: 30]])
            for database in databases { await database.close() }
        }
    }

    @Test("times that nobody was there for are made up for by one job", arguments: TestDatabase.allCases)
    func missed(_ kind: TestDatabase) async throws {
        try await QueueFixture.on(kind) { fixture in
            let scheduler = JobScheduler(fixture.queue, [hourly()])
            try await expect(scheduler, fires: [])
            fixture.time.advance(.seconds(10 * 3_600))
            try await expect(scheduler, fires: ["roll-up"])
            try await expect(scheduler, fires: [])
            fixture.time.advance(.seconds(3_600))
            try await expect(scheduler, fires: ["roll-up"])
        }
    }

    @Test("a clock set back a little repeats no due time", arguments: TestDatabase.allCases)
    func setBack(_ kind: TestDatabase) async throws {
        try await QueueFixture.on(kind) { fixture in
            let scheduler = JobScheduler(fixture.queue, [hourly()])
            try await expect(scheduler, fires: [])
            fixture.time.advance(.seconds(3_600))
            try await expect(scheduler, fires: ["roll-up"])
            fixture.time.advance(.seconds(-3_599))
            try await expect(scheduler, fires: [])
            fixture.time.advance(.seconds(3_599))
            try await expect(scheduler, fires: [])
            fixture.time.advance(.seconds(3_600))
            try await expect(scheduler, fires: ["roll-up"])
        }
    }

    @Test("a clock that was wrong by a year silences no schedule", arguments: TestDatabase.allCases)
    func wrongByAYear(_ kind: TestDatabase) async throws {
        try await QueueFixture.on(kind) { fixture in
            let scheduler = JobScheduler(fixture.queue, [hourly()])
            try await expect(scheduler, fires: [])
            fixture.time.advance(.seconds(3_600))
            try await expect(scheduler, fires: ["roll-up"])
            fixture.time.advance(.seconds(365 * 86_400))
            try await expect(scheduler, fires: ["roll-up"])
            fixture.time.advance(.seconds(-365 * 86_400 - 3_600))
            try await expect(scheduler, fires: [])
            // The due time that was served before the clock went wrong is not served again; the next one is.
            fixture.time.advance(.seconds(3_600))
            try await expect(scheduler, fires: [])
            fixture.time.advance(.seconds(3_600))
            try await expect(scheduler, fires: ["roll-up"])
        }
    }

    @Test("a changed recurrence begins with its next time", arguments: TestDatabase.allCases)
    func changed(_ kind: TestDatabase) async throws {
        try await QueueFixture.on(kind) { fixture in
            try await expect(JobScheduler(fixture.queue, [hourly()]), fires: [])
            fixture.time.advance(.seconds(3_600))
            let daily = JobSchedule(
                "roll-up", .daily(hour: 0, minute: 0), Chore("roll up"), JobOptions(owner: "system"))
            try await expect(JobScheduler(fixture.queue, [daily]), fires: [])
            fixture.time.advance(.seconds(86_400))
            try await expect(JobScheduler(fixture.queue, [daily]), fires: ["roll-up"])
        }
    }

    @Test("a scheduler ticks by the clock until it is cancelled", arguments: TestDatabase.allCases)
    func running(_ kind: TestDatabase) async throws {
        try await QueueFixture.on(kind) { fixture in
            let scheduler = JobScheduler(fixture.queue, [hourly()])
            let running = Task { await scheduler.run(every: .seconds(10)) }
            for _ in 0..<3 {
                await until { fixture.time.sleepers == [.seconds(10)] }
                fixture.time.advance(.seconds(3_600))
            }
            await until { fixture.time.sleepers == [.seconds(10)] }
            running.cancel()
            await running.value
            let counts = try await fixture.queue.counts()
            #expect(counts == [Chore.kind: [.pending: 3]])
        }
    }
}
