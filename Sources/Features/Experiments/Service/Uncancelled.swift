/// Finishes a piece of work although the task that asked for it has been cancelled: what was paid for is written down.
package func uncancelled<Value: Sendable>(_ work: @escaping @Sendable () async throws -> Value) async throws -> Value {
    // Unstructured because only a task of its own outlives the cancellation of the one that waits for it.
    try await Task { try await work() }.value
}
