/// How long a failed job waits before its next attempt: exponentially longer, with a random part so that jobs which
/// failed together do not come back together.
package struct RetryStrategy: Sendable {
    package var first: Duration
    package var factor: Double
    package var longest: Duration
    /// The share of the wait that is random, 0 to 1.
    package var jitter: Double

    package init(
        first: Duration = .seconds(5), factor: Double = 2, longest: Duration = .seconds(900), jitter: Double = 0.2
    ) {
        self.first = first
        self.factor = factor
        self.longest = longest
        self.jitter = jitter
    }

    /// The wait after the attempt of that number, from 1; `random` is between 0 and 1.
    package func delay(after attempt: Int, random: Double) -> Duration {
        var wait = first
        for _ in 1..<max(attempt, 1) where wait < longest { wait = wait * factor }
        return min(wait, longest) * (1 - jitter * min(max(random, 0), 1))
    }
}

/// Thrown by a job that no further attempt can help: it goes to the dead letters at once.
package struct UnrecoverableJobError: Error, CustomStringConvertible {
    package let description: String

    package init(_ description: String) { self.description = description }
}
