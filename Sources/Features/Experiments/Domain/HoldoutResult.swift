package import EdisonCore
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
    /// Why the data did not suffice, or why it is not the last version.
    package var reason: String?
    /// The pointwise judges whose scores counted.
    package var judges: [String] = []
    /// The versions among which this one was chosen on held-out cases; empty when there was nothing to choose.
    package var finalists: [HoldoutFinalist] = []
    package var facets: [FacetDifference] = []
    /// Other runs that were tested on some of these cases before.
    package var earlierTests = 0
    /// Other versions that this run tested on these cases before it went on.
    package var repeats = 0

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

/// One of several accepted versions that were compared on the first held-out cases.
package struct HoldoutFinalist: Hashable, Sendable {
    package let version: PromptVersion.ID
    /// Mean score on the first cases; nil when nothing could be scored.
    package let score: Double?
    package let cases: Int
    /// Whether it went on to all cases.
    package let isKept: Bool

    package init(version: PromptVersion.ID, score: Double?, cases: Int, isKept: Bool) {
        self.version = version
        self.score = score
        self.cases = cases
        self.isKept = isKept
    }

    package var json: JSONValue {
        [
            "version_id": .string(version.text), "score": JSONValue(score), "cases": .integer(Int64(cases)),
            "kept": .bool(isKept),
        ]
    }
}
