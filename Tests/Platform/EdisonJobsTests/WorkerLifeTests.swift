import EdisonCore
import EdisonSQL
import EdisonTestKit
import Testing

@testable import EdisonJobs

@Suite("What tells that a worker lives", .timeLimit(.minutes(6)))
struct WorkerLifeTests {
    @Test("a worker without its lock keeps its jobs, and takes the lock when it can", arguments: TestDatabase.allCases)
    func without(_ kind: TestDatabase) async throws {
        let gate = Gate()
        try await WorkerFixture.on(kind, settings: .init(concurrency: 1)) { _, _ in
            try await gate.pass()
        } _: { setting in
            let fixture = setting.fixture
            let lock = try #require(try await fixture.database.claim(WorkerLife.lock(of: "w")))
            let running = Task { await setting.worker.run() }
            let id = try await fixture.enqueue("x")
            await until { gate.inside == 1 }
            lock.release()
            try await fixture.queue.expireLeasesOfTheDead()
            #expect(try await fixture.claim(by: "other") == nil)
            let job = try #require(try await fixture.queue.job(id))
            #expect(job.status == .active)
            #expect(job.worker == "w (without a lock)")

            try await until {
                await setting.advance(.seconds(1), sleepers: 2)
                return try await isLocked(fixture.database)
            }
            gate.open()
            await until { setting.journal.count("completed") == 1 }
            let next = try await fixture.enqueue("y")
            await until { setting.journal.count("completed") == 2 }
            #expect(try await fixture.queue.job(next)?.worker == "w")
            await setting.worker.stop()
            await running.value
        }
    }

    private func isLocked(_ database: Database) async throws -> Bool {
        guard let lock = try await database.claim(WorkerLife.lock(of: "w")) else { return true }
        lock.release()
        return false
    }

    @Test("a worker whose connection is lost takes its lock again", arguments: [TestDatabase.postgres])
    func lost(_ kind: TestDatabase) async throws {
        let gate = Gate()
        try await WorkerFixture.on(kind, settings: .init(concurrency: 1)) { _, _ in
            try await gate.pass()
        } _: { setting in
            let database = setting.fixture.database
            let running = Task { await setting.worker.run() }
            try await setting.fixture.enqueue("x")
            await until { gate.inside == 1 }
            let ended = try await database.write { db in
                try db.fetch(
                    """
                    SELECT pg_terminate_backend(pid)::int::bigint AS n FROM pg_locks
                    WHERE locktype = 'advisory' AND ((classid::bigint << 32) | objid::bigint)
                        = hashtextextended(current_schema() || \(WorkerLife.lock(of: "w")), 0)
                    """)
            }
            #expect(ended.count == 1)
            try await until { try await !isLocked(database) }
            try await until {
                await setting.advance(.seconds(1), sleepers: 2)
                return try await isLocked(database)
            }
            gate.open()
            await until { setting.journal.lines == ["started", "completed"] }
            await setting.worker.stop()
            await running.value
        }
    }
}
