import EdisonCore
import EdisonJobs
import EdisonSQL
import EdisonTestKit
import Testing

@Suite("Stopping jobs and workers", .timeLimit(.minutes(6)))
struct WorkerStopTests {
    @Test("a running job that is cancelled stops at the next look", arguments: TestDatabase.allCases)
    func cancelled(_ kind: TestDatabase) async throws {
        let gate = Gate()
        try await WorkerFixture.on(kind) { chore, _ in
            if chore.name == "held" { try await gate.pass() }
        } _: { setting in
            let (database, queue) = (setting.fixture.database, setting.fixture.queue)
            let id = try await setting.fixture.enqueue("held")
            let running = Task { await setting.worker.run() }
            await until { gate.inside == 1 }
            try await database.write { db in try queue.cancel(id, db) }
            await setting.advance(.seconds(1), sleepers: 3)
            await until { setting.journal.count("cancelled") == 1 }
            let status = try await setting.fixture.status(id)
            #expect(status == .cancelled)
            // The worker goes on with other jobs.
            try await setting.fixture.enqueue("next")
            await until { setting.journal.count("completed") == 1 }
            await setting.worker.stop()
            await running.value
        }
    }

    @Test("heartbeats keep a long job, and stop one that was taken over", arguments: TestDatabase.allCases)
    func lost(_ kind: TestDatabase) async throws {
        let gate = Gate()
        try await WorkerFixture.on(kind, settings: .init(concurrency: 1, lookEvery: .seconds(1_000))) { _, _ in
            try await gate.pass()
        } _: { setting in
            let fixture = setting.fixture
            let id = try await fixture.enqueue("x")
            let running = Task { await setting.worker.run() }
            await until { gate.inside == 1 }
            for _ in 0..<8 {
                let until = try await fixture.queue.job(id)?.leaseUntil
                await setting.advance(.seconds(15), sleepers: 3)
                try await waitFor { try await fixture.queue.job(id)?.leaseUntil != until }
            }
            let others = try await fixture.claim(by: "other")
            #expect(others == nil)

            try await fixture.queue.expireLeases(of: ["w"])
            let taken = try #require(try await fixture.claim(by: "other"))
            await setting.advance(.seconds(15), sleepers: 3)
            await until { setting.journal.count("lost") == 1 }
            let isDone = try await fixture.complete(taken)
            #expect(isDone)
            await setting.worker.stop()
            await running.value
            #expect(setting.journal.lines == ["started", "lost"])
        }
    }

    private func waitFor(_ condition: () async throws -> Bool) async throws { try await until(condition) }

    @Test("a worker that takes over its own job counts only the second run", arguments: TestDatabase.allCases)
    func ownJob(_ kind: TestDatabase) async throws {
        let gate = Gate()
        try await WorkerFixture.on(kind, settings: .init(concurrency: 2)) { _, context in
            if context.job.attempts == 1 { try await gate.pass() }
        } _: { setting in
            try await setting.fixture.enqueue("x")
            let running = Task { await setting.worker.run() }
            await until { gate.inside == 1 }
            try await setting.fixture.queue.expireLeases(of: ["w"])
            await until { setting.journal.count("completed") == 1 }
            gate.open()
            await until { setting.journal.count("lost") == 1 }
            await setting.worker.stop()
            await running.value
            #expect(setting.journal.lines == ["started", "started", "completed", "lost"])
        }
    }

    @Test("a worker that stops lets what runs finish, and takes nothing more", arguments: TestDatabase.allCases)
    func graceful(_ kind: TestDatabase) async throws {
        let gate = Gate()
        try await WorkerFixture.on(kind, settings: .init(concurrency: 2)) { _, _ in
            try await gate.pass()
        } _: { setting in
            for n in 0..<5 { try await setting.fixture.enqueue("\(n)") }
            let running = Task { await setting.worker.run() }
            await until { gate.inside == 2 }
            let stopping = Task { await setting.worker.stop() }
            // Two jobs with their limits, heartbeat, look, and the grace.
            await until { setting.fixture.time.sleepers.count == 5 }
            gate.open()
            await running.value
            stopping.cancel()
            await stopping.value
            #expect(setting.journal.lines == ["started", "started", "completed", "completed"])
            let counts = try await setting.fixture.queue.counts()
            #expect(counts == [Chore.kind: [.completed: 2, .pending: 3]])
        }
    }

    @Test("after the time of grace, what still runs is given back uncounted", arguments: TestDatabase.allCases)
    func graceOver(_ kind: TestDatabase) async throws {
        let gate = Gate()
        try await WorkerFixture.on(kind, settings: .init(grace: .seconds(5))) { _, _ in
            try await gate.pass()
        } _: { setting in
            let id = try await setting.fixture.enqueue("x")
            let running = Task { await setting.worker.run() }
            await until { gate.inside == 1 }
            let stopping = Task { await setting.worker.stop() }
            await setting.advance(.seconds(5), sleepers: 4)
            await stopping.value
            await running.value
            #expect(setting.journal.lines == ["started", "released"])
            let job = try await setting.fixture.queue.job(id)
            #expect(job?.status == .pending)
            #expect(job?.attempts == 0)
        }
    }

    @Test(
        "a job that ends at its safe point when the worker stops is given back uncounted",
        arguments: TestDatabase.allCases)
    func safePoint(_ kind: TestDatabase) async throws {
        let gate = Gate()
        try await WorkerFixture.on(kind) { _, context in
            gate.open()
            try await gate.pass()
            await context.untilStopping()
            #expect(context.isStopping)
            throw CancellationError()
        } _: { setting in
            let id = try await setting.fixture.enqueue("x")
            let running = Task { await setting.worker.run() }
            await until { gate.most == 1 }
            let stopping = Task { await setting.worker.stop() }
            // Nobody moves the time: the grace is not waited for.
            await running.value
            stopping.cancel()
            await stopping.value
            #expect(setting.journal.lines == ["started", "released"])
            let job = try await setting.fixture.queue.job(id)
            #expect(job?.status == .pending && job?.attempts == 0 && job?.lastError == nil)
        }
    }

    @Test("a cancelled worker gives its jobs back at once", arguments: TestDatabase.allCases)
    func killed(_ kind: TestDatabase) async throws {
        let gate = Gate()
        try await WorkerFixture.on(kind, settings: .init(concurrency: 2)) { _, _ in
            try await gate.pass()
        } _: { setting in
            for n in 0..<4 { try await setting.fixture.enqueue("\(n)") }
            let running = Task { await setting.worker.run() }
            await until { gate.inside == 2 }
            running.cancel()
            await running.value
            let counts = try await setting.fixture.queue.counts()
            #expect(counts == [Chore.kind: [.pending: 4]])
            #expect(setting.journal.count("released") == 2)
        }
    }
}
