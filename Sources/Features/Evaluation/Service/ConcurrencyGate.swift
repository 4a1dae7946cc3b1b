import EdisonCore

/// Lets a bounded number of calls be under way at once; the others wait in the order in which they came. After the
/// deadline none begins, and those that are under way end.
package actor ConcurrencyGate {
    /// So many are under way at most.
    package nonisolated let width: Int
    private let deadline: ContinuousClock.Instant?
    private var free: Int
    private var waiting: [CheckedContinuation<Void, Never>] = []

    package init(width: Int, deadline: ContinuousClock.Instant? = nil) {
        self.width = max(1, width)
        free = self.width
        self.deadline = deadline
    }

    package func pass<Value: Sendable>(_ work: @Sendable () async throws -> Value) async throws -> Value {
        await enter()
        defer { leave() }
        try Task.checkCancellation()
        if let deadline, deadline <= .now {
            throw EdisonError(.budgetExceeded, "The time limit is used up.", underlying: TimeExhausted())
        }
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

/// The error under `budgetExceeded` when a run's time is over.
package struct TimeExhausted: Error, Sendable {}
