/// Lets a bounded number of calls be under way at once; the others wait in the order in which they came.
package actor ConcurrencyGate {
    /// So many are under way at most.
    package nonisolated let width: Int
    private var free: Int
    private var waiting: [CheckedContinuation<Void, Never>] = []

    package init(width: Int) {
        self.width = max(1, width)
        free = self.width
    }

    package func pass<Value: Sendable>(_ work: @Sendable () async throws -> Value) async throws -> Value {
        await enter()
        defer { leave() }
        try Task.checkCancellation()
        return try await work()
    }

    private func enter() async {
        if free > 0 {
            free -= 1
            return
        }
        await withCheckedContinuation { waiting.append($0) }
    }

    private func leave() {
        if waiting.isEmpty { free += 1 } else { waiting.removeFirst().resume() }
    }
}
