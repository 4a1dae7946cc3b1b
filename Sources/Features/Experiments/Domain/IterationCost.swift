package import EdisonCore
package import EdisonLLM

/// What the iterations of a run took of each limit, and what the next one may take: as much as the dearest of them, and
/// more than that while few are known, since the next of n is the dearest one time in n + 1.
package struct IterationCost: Sendable {
    /// When each began and ended.
    let spans: [ClosedRange<Timestamp>]
    let calls: [Spending.Call]
    /// Seconds that the run has taken: a longer iteration was interrupted.
    let elapsed: Double

    package init(spans: [ClosedRange<Timestamp>], calls: [Spending.Call], elapsed: Double) {
        self.spans = spans
        self.calls = calls
        self.elapsed = elapsed
    }

    package var next: [StopReason: Double] {
        let doubt = 1 + 1 / (2 * Double(max(1, spans.count)))
        return dearest.mapValues { $0 * doubt }
    }

    private var dearest: [StopReason: Double] {
        var dearest: [StopReason: Double] = [:]
        func note(_ limit: StopReason, _ value: Double) { dearest[limit] = max(dearest[limit] ?? 0, value) }
        for span in spans {
            let own = calls.filter { span.contains($0.began) }
            note(.budget, own.reduce(0) { $0 + $1.cost.dollars })
            note(.tokens, own.reduce(0) { $0 + Double($1.tokens) })
            note(.calls, own.reduce(0) { $0 + Double($1.requests) })
            let seconds = Double(span.upperBound.microseconds - span.lowerBound.microseconds) / 1_000_000
            if seconds <= elapsed { note(.time, seconds) }
        }
        return dearest
    }
}
