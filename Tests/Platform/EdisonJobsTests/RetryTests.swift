import EdisonCore
import EdisonJobs
import EdisonSQL
import EdisonTestKit
import Testing

@Suite("Failed jobs")
struct RetryTests {
    @Test("waits grow exponentially up to the longest, and jitter shortens them")
    func delays() {
        let strategy = RetryStrategy(first: .seconds(2), factor: 3, longest: .seconds(100), jitter: 0.5)
        #expect((1...6).map { strategy.delay(after: $0, random: 0) } == [2, 6, 18, 54, 100, 100].map { .seconds($0) })
        #expect(strategy.delay(after: 1, random: 1) == .seconds(1))
        #expect(strategy.delay(after: 500, random: 0) == .seconds(100))
        #expect(strategy.delay(after: 0, random: 0) == .seconds(2))
    }

    @Test("a failed job waits longer each time, then is a dead letter", arguments: TestDatabase.allCases)
    func backoff(_ kind: TestDatabase) async throws {
        try await QueueFixture.on(kind) { fixture in
            let (database, queue) = (fixture.database, fixture.queue)
            let retry = RetryStrategy(first: .seconds(10), factor: 2, jitter: 0)
            let id = try await fixture.enqueue("x")
            for (attempt, wait) in [(1, 10), (2, 20)] {
                let job = try #require(try await fixture.claim())
                #expect(job.attempts == attempt)
                #expect(try await fixture.fail(job, Mishap(description: "mishap \(attempt)"), retry) == .pending)
                #expect(try await queue.job(id)?.lastError == "mishap \(attempt)")
                fixture.time.advance(.seconds(wait) - .microseconds(1))
                #expect(try await fixture.claim() == nil)
                fixture.time.advance(.microseconds(1))
            }
            let last = try #require(try await fixture.claim())
            #expect(try await fixture.fail(last, Mishap(description: "mishap 3"), retry) == .failed)
            let dead = try #require(try await queue.jobs(.failed).first)
            #expect(dead.id == id)
            #expect(dead.lastError == "mishap 3")
            #expect(dead.finishedAt == fixture.time.now)
            fixture.time.advance(.seconds(10_000))
            #expect(try await fixture.claim() == nil)

            #expect(try await database.write { db in try queue.retry(id, db) })
            let again = try #require(try await fixture.claim())
            #expect(again.attempts == 1)
            #expect(again.lastError == "mishap 3")
            #expect(try await fixture.complete(again))
        }
    }

    @Test("what no attempt can help is a dead letter at once", arguments: TestDatabase.allCases)
    func unrecoverable(_ kind: TestDatabase) async throws {
        try await QueueFixture.on(kind) { fixture in
            let id = try await fixture.enqueue("x")
            let job = try #require(try await fixture.claim())
            #expect(try await fixture.fail(job, UnrecoverableJobError("There is no such prompt.")) == .failed)
            #expect(try await fixture.queue.job(id)?.lastError == "There is no such prompt.")
        }
    }

    @Test("a job whose cancellation was asked for does not come back", arguments: TestDatabase.allCases)
    func cancelledInstead(_ kind: TestDatabase) async throws {
        try await QueueFixture.on(kind) { fixture in
            let (database, queue) = (fixture.database, fixture.queue)
            for way in 0..<3 {
                let id = try await fixture.enqueue("x")
                let job = try #require(try await fixture.claim())
                #expect(try await database.write { db in try queue.cancel(id, db) })
                #expect(try await queue.heartbeat([job]) == [job: .cancelRequested])
                switch way {
                case 0: #expect(try await fixture.fail(job, Mishap(description: "too")) == .cancelled)
                case 1: #expect(try await database.write { db in try queue.release(job, db) } == .cancelled)
                default:
                    fixture.time.advance(.seconds(60))
                    #expect(try await fixture.claim() == nil)
                }
                #expect(try await fixture.status(id) == .cancelled)
                #expect(try await queue.job(id)?.finishedAt == fixture.time.now)
            }
        }
    }
}
