import EdisonCore

/// How often and after which pause a failed attempt is repeated: full jitter, bounded in tries and in time.
package struct RetryPolicy: Sendable {
    package var tries = 6
    package var base = 0.25
    package var cap = 8.0
    /// Seconds from the first attempt after which no further one begins.
    package var total = 180.0

    package init() {}

    /// Seconds to wait before the next attempt; nil = give up.
    func pause(after failure: ProviderFailure, attempt: Int, elapsed: Double, draw: Double) -> Double? {
        guard failure.isRetryable, attempt < tries, elapsed < total else { return nil }
        let backoff = draw * min(cap, base * Double(1 << min(attempt, 10)))
        guard let wait = failure.retryAfter?.inSeconds else { return backoff }
        return wait <= 120 ? wait + backoff : nil
    }
}
