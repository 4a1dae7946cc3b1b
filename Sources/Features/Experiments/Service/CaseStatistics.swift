import EdisonCore
package import EdisonStatistics
import Foundation

/// The figures that a run shows, in the product's own terms; the policy of the intervals is that of `MeanEstimate`.
package enum CaseStatistics {
    package static func signed(_ number: Double) -> String { String(format: "%+.3f", number) }

    /// The 95 % t interval of a mean over independent cases.
    package static func interval(ofMean values: [Double]) -> ClosedRange<Double>? {
        estimate(values: values.map { [$0] }, seed: 0, forceStandardError: true)?.interval
    }

    /// The pooled mean over cases, with clusters resampled.
    package static func estimate(
        values clusters: [[Double]], seed: UInt64, forceStandardError: Bool = false
    ) -> Estimate? {
        estimate(
            weighted: clusters.map { $0.map { WeightedValue($0) } }, seed: seed,
            forceStandardError: forceStandardError)
    }

    /// The same where cases stand for different shares of the search cases: Σ w·x / Σ w.
    package static func estimate(
        weighted clusters: [[WeightedValue]], seed: UInt64, forceStandardError: Bool = false
    ) -> Estimate? {
        MeanEstimate(clusters, seed: seed, usesStandardError: forceStandardError).map { found in
            Estimate(
                mean: found.mean, interval: found.interval.map { $0.lower...$0.upper }, cases: found.count,
                method: found.method.rawValue)
        }
    }

    /// Two-sided p of the paired t over clusters; nil where there is no spread to compare with.
    package static func pairedPValue(_ clusters: [[Double]]) -> Double? {
        let test = PromotionTest(clusters: clusters)
        guard test.clusters >= 2, test.t.isFinite else { return nil }
        return min(1, 2 * StudentT(df: Double(test.clusters - 1)).sf(abs(test.t)))
    }

    /// Holm's step-down correction; what is nil stays out of the family.
    package static func holm(_ pValues: [Double?]) -> [Double?] { MultipleComparisons(pValues).adjusted(by: .holm) }

    /// P(at least this many more) under no difference: the hypergeometric tail.
    package static func fisherOneSided(more: Int, of n1: Int, less: Int, of n2: Int) -> Double {
        let successes = more + less
        func logChoose(_ n: Int, _ k: Int) -> Double {
            lgamma(Double(n + 1)) - lgamma(Double(k + 1)) - lgamma(Double(n - k + 1))
        }
        guard n1 > 0, n2 > 0 else { return 1 }
        return (more...max(more, min(n1, successes))).reduce(0) { sum, k in
            guard successes - k >= 0, successes - k <= n2 else { return sum }
            return sum + exp(logChoose(n1, k) + logChoose(n2, successes - k) - logChoose(n1 + n2, successes))
        }
    }
}
