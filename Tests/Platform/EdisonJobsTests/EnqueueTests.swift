import EdisonCore
import EdisonJobs
import EdisonSQL
import EdisonTestKit
import Testing

@Suite("Queueing jobs")
struct EnqueueTests {
    @Test("a job is queued with its transaction, or not at all", arguments: TestDatabase.allCases)
    func joinsTransaction(_ kind: TestDatabase) async throws {
        try await QueueFixture.on(kind) { fixture in
            let (database, queue) = (fixture.database, fixture.queue)
            await #expect(throws: CancellationError.self) {
                try await database.write { db in
                    try queue.enqueue(Chore("undone"), JobOptions(owner: "o"), db)
                    throw CancellationError()
                }
            }
            let none = try await fixture.claim()
            #expect(none == nil)
            let id = try await fixture.enqueue("done")
            let job = try #require(try await fixture.claim())
            #expect(job.id == id)
            #expect(try Chore(json: job.payload) == Chore("done"))
            #expect(job.status == .active)
            #expect(job.attempts == 1)
            #expect(job.maxAttempts == 3)
            #expect(job.worker == "w")
            #expect(job.startedAt == fixture.time.now)
            #expect(job.leaseUntil == fixture.time.now.advanced(by: .seconds(60)))
        }
    }

    @Test("an open job is found among more than a statement takes values", arguments: TestDatabase.allCases)
    func manyAskedFor(_ kind: TestDatabase) async throws {
        try await QueueFixture.on(kind) { fixture in
            let id = try await fixture.enqueue("waits")
            let others: [Job.ID] = (0..<70_000).map { _ in IDSource.random.next() }
            #expect(try await fixture.queue.open(among: others + [id]) == [id])
        }
    }

    @Test("an idempotency key makes one job, also when many ask at once", arguments: TestDatabase.allCases)
    func idempotency(_ kind: TestDatabase) async throws {
        try await QueueFixture.on(kind) { fixture in
            let ids = try await withThrowingTaskGroup(of: Job.ID.self) { group in
                for _ in 0..<16 { group.addTask { try await fixture.enqueue("once", key: "k") } }
                return try await group.reduce(into: Set<Job.ID>()) { $0.insert($1) }
            }
            #expect(ids.count == 1)
            let other = try await fixture.enqueue("other owner", owner: "p", key: "k")
            #expect(!ids.contains(other))
            try await fixture.enqueue("no key")
            try await fixture.enqueue("no key")
            #expect(try await fixture.queue.counts() == [Chore.kind: [.pending: 4]])

            // Also when the first is long done.
            let first = try #require(try await fixture.claim())
            #expect(try await fixture.complete(first))
            let again = try await fixture.enqueue("once", key: "k")
            #expect(ids.contains(again))
        }
    }

    @Test("priority, then time, then the order of queueing decide within an owner", arguments: TestDatabase.allCases)
    func order(_ kind: TestDatabase) async throws {
        try await QueueFixture.on(kind) { fixture in
            for name in ["a", "b"] {
                try await fixture.enqueue(name)
                fixture.time.advance(.seconds(1))
            }
            try await fixture.enqueue("low", priority: -1)
            try await fixture.enqueue("high", priority: 5)
            try await fixture.enqueue("later", priority: 9, runAt: fixture.time.now.advanced(by: .seconds(60)))
            var names: [String?] = []
            for _ in 0..<5 { names.append(try await fixture.claimName()) }
            #expect(names == ["high", "a", "b", "low", nil])
            fixture.time.advance(.seconds(59))
            #expect(try await fixture.claimName() == nil)
            fixture.time.advance(.seconds(1))
            #expect(try await fixture.claimName() == "later")
        }
    }

    @Test("a worker gets only the kinds that it knows", arguments: TestDatabase.allCases)
    func kinds(_ kind: TestDatabase) async throws {
        try await QueueFixture.on(kind) { fixture in
            let (database, queue) = (fixture.database, fixture.queue)
            try await database.write { db in try queue.enqueue(Errand(), JobOptions(owner: "o"), db) }
            #expect(try await fixture.claim() == nil)
            #expect(try await queue.claim([], by: "w") == nil)
            let errand = try await queue.claim([Chore.kind, Errand.kind], by: "w")
            #expect(errand?.kind == Errand.kind)
            #expect(errand?.payload == .null)
        }
    }

    @Test("a waiting job is cancelled at once, and may be tried again", arguments: TestDatabase.allCases)
    func cancelWaiting(_ kind: TestDatabase) async throws {
        try await QueueFixture.on(kind) { fixture in
            let (database, queue) = (fixture.database, fixture.queue)
            let id = try await fixture.enqueue("x")
            #expect(try await database.write { db in try queue.cancel(id, db) })
            #expect(try await fixture.status(id) == .cancelled)
            #expect(try await fixture.claim() == nil)
            #expect(try await !database.write { db in try queue.cancel(id, db) })
            #expect(try await database.write { db in try queue.retry(id, db) })
            #expect(try await fixture.claim()?.id == id)
            #expect(try await !database.write { db in try queue.retry(id, db) })
        }
    }

    @Test("lists, counts and forgetting", arguments: TestDatabase.allCases)
    func reading(_ kind: TestDatabase) async throws {
        try await QueueFixture.on(kind) { fixture in
            let queue = fixture.queue
            var ids: [Job.ID] = []
            for n in 0..<5 { ids.append(try await fixture.enqueue("\(n)", owner: n < 3 ? "o" : "p", attempts: 1)) }
            let byTime = ids.sorted()
            let page = try await queue.jobs(.pending, limit: 2)
            #expect(page.map(\.id) == [byTime[4], byTime[3]])
            #expect(try await queue.jobs(.pending, before: page.last?.id).count == 3)
            #expect(try await queue.jobs(.pending, of: "p").count == 2)

            let done = try #require(try await fixture.claim())
            #expect(try await fixture.complete(done))
            let dead = try #require(try await fixture.claim())
            #expect(try await fixture.fail(dead, Mishap(description: "no luck")) == .failed)
            #expect(try await queue.counts() == [Chore.kind: [.pending: 3, .completed: 1, .failed: 1]])
            #expect(try await queue.jobs(.failed).first?.lastError == "no luck")
            #expect(try await queue.forget(before: fixture.time.now) == 0)
            #expect(try await queue.forget(before: fixture.time.now.advanced(by: .seconds(1))) == 1)
            #expect(try await queue.jobs(.failed).count == 1)
        }
    }
}
