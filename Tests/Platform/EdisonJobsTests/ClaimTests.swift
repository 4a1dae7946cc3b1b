import EdisonCore
import EdisonJobs
import EdisonSQL
import EdisonTestKit
import Testing

@Suite("Claims and leases")
struct ClaimTests {
    @Test("many workers of three processes never get the same job", arguments: TestDatabase.allCases)
    func neverDouble(_ kind: TestDatabase) async throws {
        try await kind.place { place in
            let time = ManualTime()
            var queues: [JobQueue] = []
            var databases: [Database] = []
            for _ in 0..<3 {
                let database = try await Database.open(place)
                databases.append(database)
                queues.append(JobQueue(database: database, time: time.jobTime))
            }
            try await Self.migrate(databases[0])
            try await databases[0].write { [queue = queues[0]] db in
                for n in 0..<150 { try queue.enqueue(Chore("\(n)"), JobOptions(owner: "owner \(n % 4)"), db) }
            }
            let claimed = try await withThrowingTaskGroup(of: [Job.ID].self) { group in
                for worker in 0..<12 {
                    let queue = queues[worker % 3]
                    group.addTask {
                        var mine: [Job.ID] = []
                        while let job = try await queue.claim([Chore.kind], by: "w\(worker)") { mine.append(job.id) }
                        return mine
                    }
                }
                return try await group.reduce(into: []) { $0 += $1 }
            }
            #expect(claimed.count == 150)
            #expect(Set(claimed).count == 150)
            for database in databases { await database.close() }
        }
    }

    @Test("an expired lease is taken over, and its first holder is refused", arguments: TestDatabase.allCases)
    func takenOver(_ kind: TestDatabase) async throws {
        try await QueueFixture.on(kind) { fixture in
            let id = try await fixture.enqueue("x")
            let first = try #require(try await fixture.claim(by: "slow"))
            fixture.time.advance(.seconds(59))
            #expect(try await fixture.claim(by: "other") == nil)
            fixture.time.advance(.seconds(1))
            let second = try #require(try await fixture.claim(by: "other"))
            #expect(second.id == id)
            #expect(second.attempts == 2)
            #expect(second.lastError == "The worker slow went silent in attempt 1.")

            #expect(try await !fixture.complete(first))
            #expect(try await fixture.fail(first, Mishap(description: "late")) == nil)
            #expect(try await fixture.queue.heartbeat([first, second]) == [first: .lost, second: .held])
            let queue = fixture.queue
            #expect(try await !fixture.database.write { db in try queue.report(["done": 1], of: first, db) })
            #expect(try await fixture.status(id) == .active)
            #expect(try await fixture.complete(second))
            #expect(try await fixture.complete(second))
            #expect(try await !fixture.complete(first))
            #expect(try await fixture.status(id) == .completed)
        }
    }

    @Test("heartbeats keep a lease, progress is shown", arguments: TestDatabase.allCases)
    func heartbeats(_ kind: TestDatabase) async throws {
        try await QueueFixture.on(kind) { fixture in
            let (database, queue) = (fixture.database, fixture.queue)
            let id = try await fixture.enqueue("x")
            let job = try #require(try await fixture.claim())
            for _ in 0..<5 {
                fixture.time.advance(.seconds(50))
                #expect(try await queue.heartbeat([job]) == [job: .held])
                #expect(try await fixture.claim(by: "other") == nil)
            }
            #expect(try await database.write { db in try queue.report(["done": 3, "of": 4], of: job, db) })
            #expect(try await queue.job(id)?.progress == ["done": 3, "of": 4])
            #expect(try await fixture.complete(job))
        }
    }

    @Test("the jobs of a worker that is known to be dead are free at once", arguments: TestDatabase.allCases)
    func deadWorker(_ kind: TestDatabase) async throws {
        try await QueueFixture.on(kind) { fixture in
            try await fixture.enqueue("x")
            _ = try await fixture.claim(by: "dead")
            try await fixture.queue.expireLeases(of: ["dead"])
            #expect(try await fixture.claim(by: "alive")?.attempts == 2)
        }
    }

    @Test("a job that silences each of its workers becomes a dead letter", arguments: TestDatabase.allCases)
    func poison(_ kind: TestDatabase) async throws {
        try await QueueFixture.on(kind) { fixture in
            let id = try await fixture.enqueue("x", attempts: 2)
            for attempt in 1...2 {
                #expect(try await fixture.claim()?.attempts == attempt)
                fixture.time.advance(.seconds(60))
            }
            #expect(try await fixture.claim() == nil)
            let job = try #require(try await fixture.queue.job(id))
            #expect(job.status == .failed)
            #expect(job.lastError == "The worker w went silent in attempt 2.")
            #expect(job.finishedAt == fixture.time.now)
        }
    }

    @Test("a job given back is due at once, and the attempt does not count", arguments: TestDatabase.allCases)
    func released(_ kind: TestDatabase) async throws {
        try await QueueFixture.on(kind) { fixture in
            let (database, queue) = (fixture.database, fixture.queue)
            try await fixture.enqueue("x")
            let job = try #require(try await fixture.claim())
            #expect(try await database.write { db in try queue.release(job, db) } == .pending)
            #expect(try await database.write { db in try queue.release(job, db) } == nil)
            #expect(try await !fixture.complete(job))
            #expect(try await fixture.claim()?.attempts == 1)
        }
    }

    private static func migrate(_ database: Database) async throws { try await TestDatabase.migrate(database) }
}
