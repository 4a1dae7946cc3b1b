import EdisonCore
import EdisonEvaluation
import Synchronization
import Testing

@Suite("The gate of a run's calls")
struct ConcurrencyGateTests {
    private final class Counter: Sendable {
        private let state = Mutex((now: 0, most: 0, order: [Int]()))

        func enter(_ index: Int) {
            state.withLock { state in
                state.now += 1
                state.most = max(state.most, state.now)
                state.order.append(index)
            }
        }
        func leave() { state.withLock { $0.now -= 1 } }
        var most: Int { state.withLock { $0.most } }
        var order: [Int] { state.withLock { $0.order } }
    }

    @Test("no more calls than its width are under way at once, and all get through", arguments: [1, 3, 8])
    func width(_ width: Int) async throws {
        let gate = ConcurrencyGate(width: width)
        let counter = Counter()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for index in 0..<60 {
                group.addTask {
                    try await gate.pass {
                        counter.enter(index)
                        for _ in 0..<5 { await Task.yield() }
                        counter.leave()
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(counter.order.count == 60)
        #expect(counter.most <= width)
    }

    @Test("an error frees the place, and a width below one is one")
    func errors() async throws {
        let gate = ConcurrencyGate(width: 0)
        for _ in 0..<3 {
            await #expect(throws: EdisonError.self) { try await gate.pass { throw EdisonError(.upstream, "no") } }
        }
        #expect(try await gate.pass { 7 } == 7)
    }

    @Test("a cancelled task does not begin its call, and blocks nobody")
    func cancellation() async throws {
        let gate = ConcurrencyGate(width: 1)
        let counter = Counter()
        let task = Task {
            try await gate.pass {
                counter.enter(1)
                counter.leave()
            }
        }
        task.cancel()
        _ = await task.result
        #expect(try await gate.pass { true })
        #expect(counter.order.count <= 1)
    }
}
