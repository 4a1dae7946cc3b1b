import EdisonCore

/// The error under `budgetExceeded` when a run's time is over.
package struct TimeExhausted: Error, Sendable {}

extension ModelCalls {
    var isOver: Bool { deadline.map { $0 <= .now } ?? false }

    /// Waits for the work, though not beyond the deadline.
    ///
    /// - Parameter lateValue: gets what the work brought when it was too late for it.
    func inTime<Value: Sendable>(
        _ work: @escaping @Sendable () async throws -> Value, lateValue: (Value) -> Void
    ) async throws -> Value {
        guard let deadline else { return try await work() }
        let late = EdisonError(.budgetExceeded, "The time limit is used up.", underlying: TimeExhausted())
        if isOver { throw late }
        return try await withThrowingTaskGroup(of: Value?.self) { group in
            group.addTask { try await work() }
            group.addTask {
                try await Task.sleep(until: deadline)
                return nil
            }
            let first = await group.nextResult()
            group.cancelAll()
            if case .success(let value?)? = first { return value }
            while let next = await group.nextResult() {
                if case .success(let value?) = next { lateValue(value) }
            }
            if case .failure(let error)? = first { throw error }
            throw late
        }
    }
}
