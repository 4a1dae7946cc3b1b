import EdisonCore
import EdisonSQL
import EdisonTestKit
import Testing

@testable import EdisonJobs

@Suite("Workers", .timeLimit(.minutes(6)))
struct WorkerTests {
    @Test("all jobs are done, never more at once than allowed", arguments: TestDatabase.allCases)
    func bounded(_ kind: TestDatabase) async throws {
        let gate = Gate()
        try await WorkerFixture.on(kind, settings: .init(concurrency: 3)) { _, _ in
            try await gate.pass()
        } _: { setting in
            for n in 0..<10 { try await setting.fixture.enqueue("\(n)") }
            let draining = Task { await setting.worker.drain() }
            await until { gate.inside == 3 }
            gate.open()
            await draining.value
            #expect(gate.most == 3)
            #expect(setting.journal.count("completed") == 10)
            let counts = try await setting.fixture.queue.counts()
            #expect(counts == [Chore.kind: [.completed: 10]])
        }
    }

    @Test("a job queued while the worker sleeps is done at once", arguments: TestDatabase.allCases)
    func woken(_ kind: TestDatabase) async throws {
        try await WorkerFixture.on(kind) { _, _ in
        } _: { setting in
            let running = Task { await setting.worker.run() }
            for n in 1...5 {
                try await setting.fixture.enqueue("\(n)")
                await until { setting.journal.count("completed") == n }
            }
            await setting.worker.stop()
            await running.value
        }
    }

    @Test("a job of another process is found by looking", arguments: TestDatabase.allCases)
    func found(_ kind: TestDatabase) async throws {
        try await WorkerFixture.on(kind) { _, _ in
        } _: { setting in
            let fixture = setting.fixture
            let running = Task { await setting.worker.run() }
            await until { fixture.time.sleepers.count == 2 }
            let elsewhere = JobQueue(database: fixture.database, time: fixture.time.jobTime)
            try await fixture.database.write { db in try elsewhere.enqueue(Chore("x"), JobOptions(owner: "o"), db) }
            await setting.advance(.seconds(1), sleepers: 2)
            await until { setting.journal.count("completed") == 1 }
            await setting.worker.stop()
            await running.value
        }
    }

    @Test("a failing job is tried again when its wait is over, then is dead", arguments: TestDatabase.allCases)
    func retried(_ kind: TestDatabase) async throws {
        try await WorkerFixture.on(kind) { chore, _ in
            throw Mishap(description: chore.name)
        } _: { setting in
            let id = try await setting.fixture.enqueue("spilt", attempts: 2)
            await setting.worker.drain()
            #expect(setting.journal.lines == ["started", "pending spilt"])
            await setting.worker.drain()
            #expect(setting.journal.lines.count == 2)
            setting.fixture.time.advance(.seconds(10))
            await setting.worker.drain()
            #expect(setting.journal.lines == ["started", "pending spilt", "started", "failed spilt"])
            let job = try await setting.fixture.queue.job(id)
            #expect(job?.lastError == "spilt")
        }
    }

    @Test("parameters that cannot be read make a dead letter", arguments: TestDatabase.allCases)
    func unreadable(_ kind: TestDatabase) async throws {
        try await WorkerFixture.on(kind) { _, _ in
        } _: { setting in
            let id = try await setting.fixture.enqueue("x")
            try await setting.fixture.database.write { db in
                try db.execute("UPDATE job SET payload = '{}' WHERE id = \(id)")
            }
            await setting.worker.drain()
            let job = try await setting.fixture.queue.job(id)
            #expect(job?.status == .failed)
            #expect(job?.lastError == "The parameters of the job cannot be read: A chore has a name.")
        }
    }

    @Test("a job that takes too long is a failed attempt", arguments: TestDatabase.allCases)
    func timeLimit(_ kind: TestDatabase) async throws {
        let gate = Gate()
        try await WorkerFixture.on(kind, timeLimit: .seconds(7)) { _, _ in
            try await gate.pass()
        } _: { setting in
            let id = try await setting.fixture.enqueue("x")
            let draining = Task { await setting.worker.drain() }
            await until { gate.inside == 1 }
            // The limit, the heartbeat and the look.
            await setting.advance(.seconds(7), sleepers: 3)
            await draining.value
            let job = try await setting.fixture.queue.job(id)
            #expect(job?.status == .pending)
            #expect(job?.lastError == "The job took longer than 7.0 seconds.")
        }
    }

    @Test("a job shows how far it has come; one that was taken over hears of it", arguments: TestDatabase.allCases)
    func progress(_ kind: TestDatabase) async throws {
        // One at once: the worker's own other hands would be as quick as the other worker.
        try await WorkerFixture.on(kind, settings: .init(concurrency: 1)) { _, context in
            let queue = context.queue
            try await context.report(["done": 1])
            #expect(try await queue.job(context.job.id)?.progress == ["done": 1])
            try await queue.expireLeases(of: ["w"])
            #expect(try await queue.claim([Chore.kind], by: "other") != nil)
            try await context.report(["done": 2])
            Issue.record("the job went on although another worker has it")
        } _: { setting in
            let id = try await setting.fixture.enqueue("x")
            await setting.worker.drain()
            #expect(setting.journal.lines == ["started", "lost"])
            #expect(try await setting.fixture.queue.job(id)?.progress == ["done": 1])
        }
    }

    @Test("a job's effects are stored with its completion, or not at all", arguments: TestDatabase.allCases)
    func exactlyOnce(_ kind: TestDatabase) async throws {
        try await WorkerFixture.on(kind, settings: .init(concurrency: 1)) { chore, context in
            let queue = context.queue
            // Another worker takes the job that is slow over.
            if chore.name == "slow" {
                try await queue.expireLeases(of: ["w"])
                #expect(try await queue.claim([Chore.kind], by: "other") != nil)
            }
            try await queue.database.write { db in
                try db.execute("INSERT INTO effect (job) VALUES (\(chore.name))")
                try context.complete(db)
            }
        } _: { setting in
            let fixture = setting.fixture
            try await fixture.database.write { db in try db.execute("CREATE TABLE effect (job TEXT NOT NULL)") }
            try await fixture.enqueue("quick")
            await setting.worker.drain()
            try await fixture.enqueue("slow")
            await setting.worker.drain()
            #expect(setting.journal.lines == ["started", "completed", "started", "lost"])
            let effects = try await fixture.database.read { db in try db.fetch("SELECT job FROM effect") }
            #expect(try effects.map { try $0.string("job") } == ["quick"])
        }
    }
}
