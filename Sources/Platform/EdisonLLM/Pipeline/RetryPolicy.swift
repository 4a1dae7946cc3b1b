import EdisonCore

/// How often and after which pause a failed attempt is repeated: full jitter, bounded in tries and in time.
package struct RetryPolicy: Sendable {
    package var tries = 6
    package var base = 0.25
    package var cap = 8.0
    /// Seconds from the first attempt after which no further one begins.
    package var total = 180.0
    /// Seconds from the first attempt for which the tries do not count while the model fails everybody: less than the
    /// breaker waits, so that a request which is itself the trouble does not speak for the others.
    package var outage = 90.0
    /// Seconds that a provider may ask us to wait; when it asks for more, the call fails at once.
    package var longestWait = 120.0

    package init() {}

    /// Seconds to wait before the next attempt; nil = give up.
    ///
    /// - Parameter isOut: the breaker is open, so that the failure says nothing about this call.
    func pause(
        after failure: ProviderFailure, attempt: Int, elapsed: Double, draw: Double, isOut: Bool = false
    ) -> Double? {
        guard failure.isRetryable, attempt < tries || (isOut && elapsed < outage) else { return nil }
        let wait = failure.retryAfter?.inSeconds ?? 0
        let pause = wait + draw * min(cap, base * Double(1 << min(attempt, 10)))
        return wait <= longestWait && elapsed + pause <= total ? pause : nil
    }
}
