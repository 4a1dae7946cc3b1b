import EdisonCore
import EdisonJobs
import EdisonSQL
import EdisonTestKit
import Synchronization
import Testing

@Suite("Many owners of jobs", .timeLimit(.minutes(6)))
struct ManyOwnersTests {
    @Test(
        "1,000 owners go on together beside a flood of 2,000: nobody waits for a second turn of another",
        arguments: TestDatabase.allCases)
    func together(_ kind: TestDatabase) async throws {
        try await QueueFixture.on(kind) { fixture in
            let (workers, owners) = (8, 1_000)
            let queue = fixture.queue
            try await fixture.database.write { db in
                for n in 0..<2_000 {
                    try queue.enqueue(Chore("\(n)"), JobOptions(owner: "flood", priority: 100), db)
                }
                for n in 0..<owners * 2 {
                    try queue.enqueue(Chore("\(n)"), JobOptions(owner: "owner \(n % owners)", priority: -(n % 3)), db)
                }
            }
            let order = Order()
            let all = 2 * (owners + 1)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for worker in 0..<workers {
                    group.addTask {
                        while order.owners.count < all, let job = try await fixture.claim(by: "w\(worker)") {
                            order.add(job.owner)
                        }
                    }
                }
                try await group.waitForAll()
            }
            let served = order.owners
            for round in 1...2 {
                let first = served.prefix(round * (owners + 1) + 2 * workers)
                let counts = Dictionary(grouping: first) { $0 }.mapValues(\.count)
                let late = (0..<owners).filter { counts["owner \($0)", default: 0] < round }
                // A claim that is under way is told late when its task has to wait for a core; the run ends with the
                // second round, so there the last claims are missing too.
                #expect(late.count < (round == 1 ? workers : 2 * workers))
                #expect(counts["flood", default: 0] <= round + 2 * workers)
            }
        }
    }

    @Test("ever new owners, and one that is removed and comes back, do not get ahead", arguments: TestDatabase.allCases)
    func newcomers(_ kind: TestDatabase) async throws {
        try await QueueFixture.on(kind) { fixture in
            for n in 0..<6 { try await fixture.enqueue("\(n)", owner: "old") }
            #expect(try await fixture.claim()?.owner == "old")
            var served: [String] = []
            for n in 0..<12 {
                let owner = n % 2 == 0 ? "new \(n)" : "again"
                try await fixture.enqueue("x", owner: owner)
                let job = try #require(try await fixture.claim())
                served.append(job.owner)
                #expect(try await fixture.complete(job))
                try await fixture.queue.remove(of: job.owner)
            }
            let turns = served.indices.filter { served[$0] == "old" }
            #expect(turns.count >= 4, "\(served)")
        }
    }

    @Test("an owner that is removed while its next job is queued loses nothing", arguments: TestDatabase.allCases)
    func removedMeanwhile(_ kind: TestDatabase) async throws {
        try await QueueFixture.on(kind) { fixture in
            let queue = fixture.queue
            try await withThrowingTaskGroup(of: Void.self) { group in
                for worker in 0..<3 {
                    group.addTask {
                        for n in 0..<60 {
                            try await fixture.enqueue("\(n)")
                            if let job = try await fixture.claim(by: "w\(worker)") {
                                _ = try await fixture.complete(job)
                            }
                        }
                    }
                }
                group.addTask { for _ in 0..<80 { try await queue.remove(of: "o") } }
                group.addTask {
                    for _ in 0..<80 { try await queue.forget(before: fixture.time.now.advanced(by: .seconds(1))) }
                }
                try await group.waitForAll()
            }
            while let job = try await fixture.claim() { #expect(try await fixture.complete(job)) }
            #expect(try await queue.counts()[Chore.kind]?[.pending] == nil)
            try await queue.remove(of: "o")
            #expect(try await queue.counts().isEmpty)
        }
    }
}

/// Whose jobs were claimed, in the order in which it was told.
private final class Order: Sendable {
    private let served = Mutex<[String]>([])

    var owners: [String] { served.withLock(\.self) }

    func add(_ owner: String) { served.withLock { $0.append(owner) } }
}
