import EdisonCore
import EdisonJobs
import EdisonSQL
import EdisonTestKit

/// A queue on an empty database of either kind, at a time that stands still until it is moved.
struct QueueFixture {
    let database: Database
    let time: ManualTime
    let queue: JobQueue

    static func on(_ kind: TestDatabase, _ use: (QueueFixture) async throws -> Void) async throws {
        try await kind.migrated { database in
            let time = ManualTime()
            let queue = JobQueue(database: database, time: time.jobTime)
            try await use(QueueFixture(database: database, time: time, queue: queue))
        }
    }

    @discardableResult
    func enqueue(
        _ name: String, owner: String = "o", priority: Int = 0, runAt: Timestamp? = nil, attempts: Int = 3,
        key: String? = nil
    ) async throws -> Job.ID {
        try await database.write { [queue] db in
            let options = JobOptions(
                owner: owner, priority: priority, runAt: runAt, maxAttempts: attempts, idempotencyKey: key)
            return try queue.enqueue(Chore(name), options, db)
        }
    }

    func claim(by worker: String = "w") async throws -> Job? { try await queue.claim([Chore.kind], by: worker) }

    func claimName(by worker: String = "w") async throws -> String? {
        try await claim(by: worker).map { try Chore(json: $0.payload).name }
    }

    func complete(_ job: Job) async throws -> Bool {
        try await database.write { [queue] db in try queue.complete(job, db) }
    }

    func fail(
        _ job: Job, _ error: any Error, _ retry: RetryStrategy = RetryStrategy(jitter: 0)
    ) async throws -> JobStatus? {
        try await database.write { [queue] db in try queue.fail(job, error, retry: retry, random: 0, db) }
    }

    func status(_ id: Job.ID) async throws -> JobStatus? { try await queue.job(id)?.status }
}
