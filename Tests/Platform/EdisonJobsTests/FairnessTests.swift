import EdisonCore
import EdisonJobs
import EdisonSQL
import EdisonTestKit
import Synchronization
import Testing

@Suite("Fair sharing between owners", .timeLimit(.minutes(6)))
struct FairnessTests {
    private func flood(_ fixture: QueueFixture, _ owner: String, _ count: Int) async throws {
        try await fixture.database.write { [queue = fixture.queue] db in
            for n in 0..<count { try queue.enqueue(Chore("\(n)"), JobOptions(owner: owner, priority: 100), db) }
        }
    }

    @Test("one worker: another's job is the next or the one after", arguments: TestDatabase.allCases)
    func oneWorker(_ kind: TestDatabase) async throws {
        try await QueueFixture.on(kind) { fixture in
            try await flood(fixture, "flood", 60)
            for round in 0..<8 {
                for _ in 0..<(round % 3) { #expect(try await fixture.claim()?.owner == "flood") }
                try await fixture.enqueue("mine", owner: "small")
                let owners = [try await fixture.claim()?.owner, try await fixture.claim()?.owner]
                #expect(owners.contains("small"))
            }
        }
    }

    @Test("three owners with work take turns", arguments: TestDatabase.allCases)
    func turns(_ kind: TestDatabase) async throws {
        try await QueueFixture.on(kind) { fixture in
            for (owner, count) in [("a", 40), ("b", 6), ("c", 6)] { try await flood(fixture, owner, count) }
            var owners: [String] = []
            for _ in 0..<18 { owners.append(try await fixture.claim()?.owner ?? "") }
            for owner in ["a", "b", "c"] { #expect(owners.count { $0 == owner } == 6) }
        }
    }

    @Test("eight workers at once: another's next job comes within 16 claims", arguments: TestDatabase.allCases)
    func manyWorkers(_ kind: TestDatabase) async throws {
        try await QueueFixture.on(kind) { fixture in
            let workers = 8
            let tally = Tally()
            try await flood(fixture, "flood", 2_000)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for worker in 0..<workers {
                    group.addTask {
                        // An empty queue is no end: the flood may be over before the last small job is queued.
                        while !tally.isOver {
                            if let job = try await fixture.claim(by: "w\(worker)") { tally.claimed(job) }
                        }
                    }
                }
                group.addTask {
                    for n in 1...20 {
                        let id = try await fixture.enqueue("mine", owner: "small")
                        tally.queued(id)
                        await until { tally.waits.count == n || tally.isOver }
                    }
                    tally.finish()
                }
                try await group.waitForAll()
            }
            #expect(tally.waits.count == 20)
            #expect(tally.waits.max() ?? .max <= 2 * workers)
        }
    }
}

/// Counts all claims, and how many of them each job of the small owner had to wait for.
private final class Tally: Sendable {
    private struct State {
        var claims = 0
        var queuedAt: [Job.ID: Int] = [:]
        var claimedAt: [Job.ID: Int] = [:]
        var isOver = false
    }

    private let state = Mutex(State())

    var isOver: Bool { state.withLock { $0.isOver || $0.claims >= 2_020 } }
    var waits: [Int] {
        state.withLock { state in state.queuedAt.compactMap { id, start in state.claimedAt[id].map { $0 - start } } }
    }

    func queued(_ id: Job.ID) { state.withLock { $0.queuedAt[id] = $0.claims } }
    func finish() { state.withLock { $0.isOver = true } }

    func claimed(_ job: Job) {
        state.withLock { state in
            state.claims += 1
            if job.owner == "small" { state.claimedAt[job.id] = state.claims }
        }
    }
}
