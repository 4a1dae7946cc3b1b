import Synchronization

/// Runs the body of a stream in a task of its own, which ends when nobody listens any more.
enum StreamDriver {
    static func run(
        _ body: @escaping @Sendable (_ emit: @escaping @Sendable (StreamPiece) -> Void) async throws -> Void
    ) -> AsyncThrowingStream<StreamPiece, any Error> {
        AsyncThrowingStream { continuation in
            let task = Task {
                do {
                    try await body { continuation.yield($0) }
                    continuation.finish()
                } catch { continuation.finish(throwing: error) }
            }
            continuation.onTermination = { _ in task.cancel() }
        }
    }
}

/// State of a decoder that is fed from a callback.
final class StreamBox<Value: Sendable>: Sendable {
    private let value: Mutex<Value>

    init(_ value: Value) { self.value = Mutex(value) }

    func withValue<Result: Sendable>(_ work: (inout Value) throws -> Result) rethrows -> Result {
        try value.withLock { value in try work(&value) }
    }
}
