import EdisonCore
package import EdisonPrompts

/// What the comparison on the held-out cases found.
package struct HoldoutResult: Hashable, Sendable {
    package let version: PromptVersion.ID
    package let baseline: PromptVersion.ID
    /// Mean scores of the first and of the best version; nil when nothing could be scored.
    package let first: Double?
    package let best: Double?
    package let difference: Double?
    /// 95 %.
    package let interval: ClosedRange<Double>?
    package let cases: Int
    package let method: String
    /// Share of the held-out cases that have a score on both sides.
    package let coverage: Double
    package let isPromoted: Bool
    package let verdict: Verdict
    /// Why the data did not suffice.
    package let reason: String?

    package init(
        version: PromptVersion.ID, baseline: PromptVersion.ID, first: Double?, best: Double?, difference: Double?,
        interval: ClosedRange<Double>?, cases: Int, method: String, coverage: Double, isPromoted: Bool,
        verdict: Verdict, reason: String?
    ) {
        self.version = version
        self.baseline = baseline
        self.first = first
        self.best = best
        self.difference = difference
        self.interval = interval
        self.cases = cases
        self.method = method
        self.coverage = coverage
        self.isPromoted = isPromoted
        self.verdict = verdict
        self.reason = reason
    }
}
