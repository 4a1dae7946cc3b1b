package import EdisonCore

/// Which accepted version stands for the run in the comparison at its end (requirement E7).
///
/// It decides who is compared with the first version on the held-out cases, never whether that comparison is won.
package struct Selector: Hashable, Sendable {
    package enum Rule: String, Sendable, CaseIterable {
        /// The version that the loop arrived at.
        case incumbent
        /// The highest mean score on common search cases.
        case score
        /// The highest lower end of the score's interval: the best that is sure.
        case lowerBound = "lower-bound"
        /// The score, less `weight` for each time that an output costs as much more as the first version's.
        case cost
        /// The score, less `weight` for each time that an answer takes as much longer as the first version's.
        case latency
    }

    package var rule: Rule
    package var weight: Double

    package init(_ rule: Rule = .incumbent, weight: Double = 0.1) {
        self.rule = rule
        self.weight = weight
    }

    /// What is known of one version on the common cases.
    package struct Standing: Sendable {
        package let estimate: Estimate?
        /// Per output, in USD; nil = unknown.
        package let cost: Double?
        /// The median over outputs that were not cached, in milliseconds.
        package let latency: Double?

        package init(estimate: Estimate?, cost: Double?, latency: Double?) {
            self.estimate = estimate
            self.cost = cost
            self.latency = latency
        }
    }

    /// What the rule ranks by, higher being better; nil where it cannot be told.
    package func value(of standing: Standing, first: Standing) -> Double? {
        guard let estimate = standing.estimate else { return nil }
        return switch rule {
        case .incumbent, .score: estimate.mean
        case .lowerBound: estimate.interval?.lowerBound
        case .cost: adjusted(estimate.mean, standing.cost, first.cost)
        case .latency: adjusted(estimate.mean, standing.latency, first.latency)
        }
    }

    private func adjusted(_ score: Double, _ own: Double?, _ first: Double?) -> Double? {
        guard let own, let first, first > 0 else { return nil }
        return score - weight * (own / first - 1)
    }

    package var json: JSONValue { ["by": .string(rule.rawValue), "weight": .number(weight)] }
}
