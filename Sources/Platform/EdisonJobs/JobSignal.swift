import Synchronization

/// Wakes the workers of this process as soon as there may be something to do, and those who wait for a job's end;
/// between wakes they look now and then.
package final class JobSignal: Sendable {
    private struct Listeners {
        var continuations: [Int: AsyncStream<Void>.Continuation] = [:]
        var last = 0
    }

    private let listeners = Mutex(Listeners())

    package init() {}

    /// Wakes that come while the listener is busy count as one.
    package func wakes() -> AsyncStream<Void> {
        let (wakes, continuation) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
        let number = listeners.withLock { listeners in
            listeners.last += 1
            listeners.continuations[listeners.last] = continuation
            return listeners.last
        }
        continuation.onTermination = { [weak self] _ in
            self?.listeners.withLock { _ = $0.continuations.removeValue(forKey: number) }
        }
        return wakes
    }

    package func wake() {
        let all = listeners.withLock { Array($0.continuations.values) }
        for continuation in all { continuation.yield() }
    }
}
