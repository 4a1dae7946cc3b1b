import EdisonCore
import EdisonEvents
import EdisonJobs
import EdisonSQL
import EdisonTestKit
import Foundation
import Logging
import ServiceLifecycle
import Testing

@testable import EdisonServer

extension Live {
    @Suite("Workers of several processes")
    struct WorkersTests {
        private let log = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

        private func onDatabase(_ kind: TestDatabase, _ use: (Database, String) async throws -> Void) async throws {
            try await kind.place { place in
                let database = try await Database.open(place)
                try await TestDatabase.migrate(database)
                try await LiveProcess.makeTables(database)
                try await use(database, place)
                await database.close()
            }
        }

        private func enqueue(_ vigil: Vigil, _ database: Database) async throws -> Job.ID {
            try await JobQueue(database: database).enqueue([vigil], JobOptions(owner: "o"))[0]
        }

        private func until(_ seconds: Double = 40, _ condition: () async throws -> Bool) async throws -> Bool {
            let end = ContinuousClock.now.advanced(by: .seconds(seconds))
            while try await !condition() {
                if ContinuousClock.now > end { return false }
                try await Task.sleep(for: .milliseconds(10))
            }
            return true
        }

        private func haveBegun(_ jobs: [Job.ID], _ database: Database) async throws -> Bool {
            try await database.read { db in
                try db.fetch("SELECT job FROM begun WHERE job IN (\(list: jobs))").count == jobs.count
            }
        }

        /// Workers of this process, that do each vigil at once.
        private func working(_ database: Database, _ use: () async throws -> Void) async throws {
            let list = JobList(database, definitions: [JobDefinition(Vigil.self) { _, _ in }])
            let group = ServiceGroup(
                services: [Workers(list, WorkerSettings(), role: "server", log: log)], logger: log)
            try await withThrowingTaskGroup(of: Void.self) { tasks in
                tasks.addTask { try await group.run() }
                try await use()
                await group.triggerGracefulShutdown()
                try await tasks.waitForAll()
            }
        }

        @Test("a process that is told to end hands its jobs over within its time", arguments: TestDatabase.allCases)
        func playsItsPart(_ kind: TestDatabase) async throws {
            if try await LiveProcess.plays() { return }
            try await onDatabase(kind) { database, place in
                let jobs = [
                    try await enqueue(Vigil(isWatchful: true), database),
                    try await enqueue(Vigil(isWatchful: false), database),
                ]
                let process = try LiveProcess(.work, on: place)
                #expect(try await until { try await haveBegun(jobs, database) })
                let register = WorkerRegister(JobQueue(database: database))
                let workers = try await register.workers()
                #expect(workers.map(\.isAlive) == [true])
                #expect(workers.first?.presence?.kinds == [Vigil.kind])
                #expect(Set(workers.first?.jobs.map(\.id) ?? []) == Set(jobs))

                let began = ContinuousClock.now
                process.signal(SIGTERM)
                #expect(try await process.end() == nil)
                #expect(began.duration(to: .now) < .seconds(10))
                let queue = JobQueue(database: database)
                for job in jobs {
                    let left = try #require(try await queue.job(job))
                    #expect(left.status == .pending && left.attempts == 0 && left.lastError == nil)
                }
                #expect(try await register.workers().isEmpty)
                try await working(database) {
                    let areDone = try await until {
                        let kinds = try await queue.kinds()
                        return kinds.first?.count(.completed) == 2
                    }
                    #expect(areDone)
                }
            }
        }

        @Test("what a killed process held is done by another within seconds", arguments: TestDatabase.allCases)
        func killed(_ kind: TestDatabase) async throws {
            try await onDatabase(kind) { database, place in
                let job = try await enqueue(Vigil(isWatchful: true), database)
                let process = try LiveProcess(.work, on: place)
                #expect(try await until { try await haveBegun([job], database) })
                try await working(database) {
                    process.signal(SIGKILL)
                    #expect(try await process.end() == "signal 9")
                    let began = ContinuousClock.now
                    let queue = JobQueue(database: database)
                    #expect(try await until { try await queue.job(job)?.status == .completed })
                    print("taken over after \(began.duration(to: .now)) on \(kind)")
                    #expect(began.duration(to: .now) < .seconds(30))
                    #expect(try await queue.job(job)?.attempts == 2)
                    let workers = try await WorkerRegister(queue).workers()
                    #expect(workers.count { $0.isAlive } == 1 && workers.count { !$0.isAlive } == 1)
                }
            }
        }

        @Test("a worker hears of a job that another process queues", arguments: TestDatabase.allCases)
        func hears(_ kind: TestDatabase) async throws {
            try await onDatabase(kind) { database, place in
                let other = try await Database.open(place)
                let queue = JobQueue(database: database)
                // It would look for itself in a thousand seconds.
                let worker = JobWorker(
                    "w", queue: queue, definitions: [JobDefinition(Vigil.self) { _, _ in }],
                    settings: .init(lookEvery: .seconds(1_000)))
                let running = Task { await worker.runHearing() }
                var longest = Duration.zero
                for _ in 0..<5 {
                    let began = ContinuousClock.now
                    let job = try await enqueue(Vigil(isWatchful: true), other)
                    #expect(try await until { try await queue.job(job)?.status == .completed })
                    longest = max(longest, began.duration(to: .now))
                }
                print("a job of another process was done after \(longest) at most on \(kind)")
                worker.finish()
                await running.value
                await other.close()
            }
        }

        @Test(
            "a hundred followers in each of two processes get what a third one records",
            arguments: TestDatabase.allCases)
        func events(_ kind: TestDatabase) async throws {
            try await onDatabase(kind) { database, place in
                let log = EventLog(database: database)
                let other = try LiveProcess(.follow, on: place)
                try await withThrowingTaskGroup(of: [Int64].self) { group in
                    for _ in 0..<100 { group.addTask { try await LiveProcess.positions(log) } }
                    let recorder = try LiveProcess(.record, on: place)
                    #expect(try await recorder.end() == nil)
                    let recorded = ContinuousClock.now
                    for try await seen in group { #expect(seen == Array(1...100)) }
                    print(
                        "the last follower here had all \(recorded.duration(to: .now)) after the writer's end on \(kind)"
                    )
                }
                #expect(try await other.end() == nil)
                let seen = try await database.read { db in
                    try db.fetch("SELECT seen FROM followed").map { try $0.string("seen") }
                }
                #expect(seen == Array(repeating: (1...100).map(String.init).joined(separator: " "), count: 100))
            }
        }

        @Test("what is old enough is cleaned up: events, and jobs that have ended", arguments: TestDatabase.allCases)
        func cleaning(_ kind: TestDatabase) async throws {
            try await onDatabase(kind) { database, _ in
                let old = EventLog(database: database, now: { .now.advanced(by: .seconds(-40 * 86_400)) })
                try await database.write { db in try old.record(.counted, in: EventStream("one"), db) }
                let log = EventLog(database: database)
                try await database.write { db in try log.record(.counted, in: EventStream("one"), db) }
                let queue = JobQueue(database: database)
                let ended = try await enqueue(Vigil(isWatchful: true), database)
                try await database.write { db in
                    try queue.cancel(ended, db)
                    try db.execute(
                        """
                        UPDATE job SET finished_at = \(Timestamp.now.advanced(by: .seconds(-40 * 86_400)))
                        WHERE id = \(ended)
                        """)
                    try queue.enqueue(CleanUpJob(), JobOptions(owner: "system"), db)
                }
                let definition = CleanUpJob.definition(events: log, queue: queue, WorkerSettings())
                await JobWorker("w", queue: queue, definitions: [definition]).drain()
                #expect(try await log.events(in: EventStream("one"), after: 1).map(\.position) == [2])
                await #expect(throws: EdisonError.self) { _ = try await log.events(in: EventStream("one"), after: 0) }
                #expect(try await queue.job(ended) == nil)
                let job = try #require(try await queue.jobs(JobFilter(), PageRequest()).items.first)
                #expect(job.status == .completed && job.progress == ["events": 1, "jobs": 1])
            }
        }
    }
}
