import EdisonCore
import EdisonSQL
import EdisonTestKit
import Testing

@testable import EdisonJobs

@Suite("Several processes on one queue", .timeLimit(.minutes(10)))
struct ProcessTests {
    private func onDatabase(
        _ kind: TestDatabase, _ use: (Database, String, inout [QueueProcess]) async throws -> Void
    ) async throws {
        try await kind.place { place in
            let database = try await Database.open(place)
            try await TestDatabase.migrate(database)
            try await QueueProcess.makeTables(database)
            try await QueueProcess.withAll { try await use(database, place, &$0) }
            await database.close()
        }
    }

    private func count(_ sql: SQL, _ database: Database) async throws -> Int {
        try await database.read { db in try db.fetchOne(sql)?.int("n") ?? 0 }
    }

    private func wait(
        every interval: Duration = .milliseconds(5), _ condition: () async throws -> Bool
    ) async throws {
        while try await !condition() { try await Task.sleep(for: interval) }
    }

    @Test("a process that works on a queue does its jobs and ends well", arguments: TestDatabase.allCases)
    func playsItsPart(_ kind: TestDatabase) async throws {
        if try await QueueProcess.plays() { return }
        try await onDatabase(kind) { database, place, processes in
            _ = try await JobQueue(database: database).enqueue([Chore("x")], JobOptions(owner: "o"))
            processes.append(try await QueueProcess(.work, "other", on: place))
            #expect(try await processes[0].end() == nil)
            #expect(try await count("SELECT COUNT(*) AS n FROM effect WHERE worker = 'other'", database) == 1)
        }
    }

    @Test(
        "10,000 jobs are done once each by four processes of which one is killed", arguments: TestDatabase.allCases)
    func drained(_ kind: TestDatabase) async throws {
        try await onDatabase(kind) { database, place, processes in
            let queue = JobQueue(database: database)
            for owner in 0..<50 {
                _ = try await queue.enqueue((0..<200).map { Chore("\($0)") }, JobOptions(owner: "owner \(owner)"))
            }
            for name in ["victim", "a", "b"] { processes.append(try await QueueProcess(.work, name, on: place)) }
            try await wait(every: .milliseconds(50)) {
                try await count("SELECT COUNT(*) AS n FROM effect WHERE worker = 'victim'", database) >= 200
            }
            processes[0].kill()
            #expect(try await processes[0].end() == "signal 9")
            let mine = QueueProcess.worker("mine", database) { try await QueueProcess.finish($0, "mine") }
            let running = Task { await mine.run() }
            for process in processes.dropFirst() { #expect(try await process.end() == nil) }
            try await wait(every: .milliseconds(50)) {
                try await count("SELECT COUNT(*) AS n FROM effect", database) >= 10_000
            }
            mine.finish()
            await running.value

            #expect(try await queue.counts() == [Chore.kind: [.completed: 10_000]])
            #expect(try await count("SELECT COUNT(*) AS n FROM effect", database) == 10_000)
            #expect(try await count("SELECT COUNT(DISTINCT job) AS n FROM effect", database) == 10_000)
            #expect(try await count("SELECT COUNT(DISTINCT worker) AS n FROM effect", database) == 4)
            // Only what the killed one held was begun twice, and said so.
            let again = try await count("SELECT COUNT(*) AS n FROM job WHERE attempts > 1", database)
            #expect(again <= 4)
            let errors = try await database.read { db in
                try db.fetch("SELECT last_error FROM job WHERE attempts > 1").map {
                    try $0.optionalString("last_error") ?? ""
                }
            }
            #expect(Set(errors).isSubset(of: ["The worker victim went silent in attempt 1."]))
        }
    }

    @Test("the job of a killed process waits for its lease, not longer", arguments: TestDatabase.allCases)
    func leaseRunsOut(_ kind: TestDatabase) async throws {
        try await onDatabase(kind) { database, place, processes in
            let queue = JobQueue(database: database)
            let id = try await queue.enqueue([Chore("x")], JobOptions(owner: "o"))[0]
            processes.append(try await QueueProcess(.hold, "other", on: place))
            try await wait { try await queue.job(id)?.status == .active }
            let held = try #require(try await queue.job(id))
            processes[0].kill()
            #expect(try await processes[0].end() == "signal 9")
            var taken: Job?
            try await wait {
                taken = try await queue.claim([Chore.kind], by: "mine")
                return taken != nil
            }
            let job = try #require(taken)
            let (end, start) = (try #require(held.leaseUntil), try #require(job.startedAt))
            #expect(start >= end)
            #expect(job.attempts == 2)
            #expect(job.lastError == "The worker other went silent in attempt 1.")
        }
    }

    @Test("the job of a killed worker is taken over long before its lease ends", arguments: TestDatabase.allCases)
    func lockIsFree(_ kind: TestDatabase) async throws {
        try await onDatabase(kind) { database, place, processes in
            let queue = JobQueue(database: database)
            let id = try await queue.enqueue([Chore("x")], JobOptions(owner: "o"))[0]
            processes.append(try await QueueProcess(.hang, "other", on: place))
            let mine = QueueProcess.worker("mine", database) { context in
                try await QueueProcess.begin(context, "mine")
                try await QueueProcess.finish(context, "mine")
            }
            try await wait { try await count("SELECT COUNT(*) AS n FROM begun", database) == 1 }
            let running = Task { await mine.run() }
            // While the other lives, its job is its own: two looks for the dead find none.
            try await Task.sleep(for: .milliseconds(2_200))
            let held = try #require(try await queue.job(id))
            #expect(held.worker == "other")
            processes[0].kill()
            try await wait { try await queue.job(id)?.status == .completed }
            mine.finish()
            await running.value
            let job = try #require(try await queue.job(id))
            #expect(job.attempts == 2)
            #expect(job.worker == "mine")
            let (start, end) = (try #require(job.startedAt), try #require(held.leaseUntil))
            #expect(start < end)
            #expect(try await count("SELECT COUNT(*) AS n FROM begun", database) == 2)
        }
    }

    @Test("four processes fire each due time once, whatever the clock does", arguments: TestDatabase.allCases)
    func schedules(_ kind: TestDatabase) async throws {
        try await onDatabase(kind) { database, place, processes in
            // Sunday, 2027-01-17, 20:00.
            var now = Timestamp(microseconds: 1_800_216_000_000_000)
            try await database.write { [now] db in try db.execute("INSERT INTO clock (now) VALUES (\(now))") }
            for name in ["a", "b", "c"] { processes.append(try await QueueProcess(.tick, name, on: place)) }
            let mine = QueueProcess.schedulers(database)
            try await mine.tick()
            try await seen(by: processes.filter(\.isRunning), at: now, database)
            var due: [String: Set<Timestamp>] = [:]
            let hour = 3_600
            // Hours, half hours, a night that nobody was there, ten days, and a clock that is set back by twenty minutes.
            let moves = [hour, hour, 1_800, 1_800, 11 * hour, -1_200, 1_200, hour, 240 * hour, hour, hour]
            for (number, seconds) in moves.enumerated() {
                now = now.advanced(by: .seconds(seconds))
                if seconds > 0 {
                    for schedule in QueueProcess.schedules {
                        let last = schedule.recurrence.latest(upTo: now)
                        if last > now.advanced(by: .seconds(-seconds)) { due[schedule.name, default: []].insert(last) }
                    }
                }
                try await database.write { [now] db in try db.execute("UPDATE clock SET now = \(now)") }
                if number == 4 { processes[0].kill() }
                try await mine.tick()
                try await seen(by: processes.filter(\.isRunning), at: now, database)
                let jobs = try await JobQueue(database: database).jobs(.pending, limit: 1_000)
                let names = try jobs.map { try Chore(json: $0.payload).name }
                for schedule in QueueProcess.schedules {
                    #expect(names.count { $0 == schedule.name } == due[schedule.name, default: []].count)
                }
            }
            #expect(due.mapValues(\.count) == ["roll-up": 8, "digest": 2, "report": 2])
            try await database.write { db in try db.execute("UPDATE clock SET now = 0") }
            for process in processes.dropFirst() { #expect(try await process.end() == nil) }
            #expect(try await processes[0].end() == "signal 9")
        }
    }

    private func seen(by processes: [QueueProcess], at now: Timestamp, _ database: Database) async throws {
        try await wait {
            let names = try await database.read { db in
                try db.fetch("SELECT name FROM seen WHERE now = \(now)").map { try $0.string("name") }
            }
            return processes.allSatisfy { !$0.isRunning || names.contains($0.name) }
        }
    }

    @Test("who dies between a due time and its job leaves both to the next", arguments: TestDatabase.allCases)
    func diesInTick(_ kind: TestDatabase) async throws {
        try await onDatabase(kind) { database, place, processes in
            let start = Timestamp(microseconds: 1_800_216_000_000_000)
            try await database.write { db in try db.execute("INSERT INTO clock (now) VALUES (\(start))") }
            let mine = QueueProcess.schedulers(database)
            #expect(try await mine.tick().isEmpty)
            try await database.write { db in
                try db.execute("UPDATE clock SET now = \(start.advanced(by: .seconds(3_600)))")
            }
            processes.append(try await QueueProcess(.dieInTick, "other", on: place))
            #expect(try await processes[0].end() == "signal 9")
            #expect(try await JobQueue(database: database).counts().isEmpty)
            #expect(try await mine.tick() == ["roll-up"])
            #expect(try await mine.tick().isEmpty)
            #expect(try await JobQueue(database: database).counts() == [Chore.kind: [.pending: 1]])
        }
    }
}
