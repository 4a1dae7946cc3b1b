import EdisonJobs
import EdisonSQL
import EdisonTestKit
import Testing

@Suite("The queue against a model of it", .timeLimit(.minutes(6)))
struct ModelTests {
    @Test("whatever is done in whatever order leaves the queue as its model says", arguments: TestDatabase.allCases)
    func agrees(_ kind: TestDatabase) async throws {
        try await kind.migrated { database in
            var locks: [ExclusiveClaim] = []
            for worker in QueueStep.workers.dropLast() {
                locks.append(try #require(try await database.claim("worker \(worker)")))
            }
            defer { for lock in locks { lock.release() } }
            for seed in 1...40 {
                let steps = QueueStep.sequence(60, seed: seed)
                guard try await QueueTrial.difference(steps, on: database) != nil else { continue }
                let fewer = try await QueueTrial.shortened(steps, on: database)
                let difference = try await QueueTrial.difference(fewer, on: database) ?? ""
                let list = fewer.enumerated().map { "  \($0.offset + 1). \($0.element)" }.joined(separator: "\n")
                Issue.record("Seed \(seed), shortened to \(fewer.count) steps:\n\(list)\n\(difference)")
                return
            }
        }
    }
}
