import EdisonCore
package import EdisonStatistics
import Foundation

/// The intervals that a run shows, by the policy of the product: bootstrap from 20 clusters on, below that the
/// clustered standard error with C − 1 degrees of freedom, and none where there is nothing to estimate from.
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
        let values = clusters.flatMap(\.self)
        guard !values.isEmpty else { return nil }
        let mean = values.reduce(0) { $0 + $1.weight * $1.value } / values.reduce(0) { $0 + $1.weight }
        let filled = clusters.filter { !$0.isEmpty }
        if filled.count >= 20, !forceStandardError, let bootstrap = bootstrap(filled, seed: seed) {
            return Estimate(mean: mean, interval: bootstrap.interval, cases: values.count, method: bootstrap.method)
        }
        return Estimate(
            mean: mean, interval: standardErrorInterval(filled, mean: mean), cases: values.count,
            method: "clustered standard error")
    }

    private static func standardErrorInterval(
        _ clusters: [[WeightedValue]], mean: Double
    ) -> ClosedRange<Double>? {
        let groups = Double(clusters.count)
        guard groups >= 2 else { return nil }
        let weight = clusters.joined().reduce(0) { $0 + $1.weight }
        let squares = clusters.reduce(0.0) { sum, cluster in
            let deviation = cluster.reduce(0) { $0 + $1.weight * ($1.value - mean) }
            return sum + deviation * deviation
        }
        // Without any spread there is nothing to estimate an error from: no interval, rather than one of width 0.
        let error = (groups / (groups - 1) * squares).squareRoot() / weight
        guard error > 1e-14 * max(1, abs(mean)) else { return nil }
        let quantile = StudentT(df: groups - 1).ppf(0.975)
        return (mean - quantile * error)...(mean + quantile * error)
    }

    /// B = 10,000; BCa, or percentiles where BCa does not exist.
    private static func bootstrap(
        _ clusters: [[WeightedValue]], seed: UInt64
    ) -> (interval: ClosedRange<Double>, method: String)? {
        let result = Bootstrap(.standard(seed: seed)).interval(ofWeightedMean: clusters).interval
        guard let interval = result.interval, let method = result.method else { return nil }
        return (interval.lower...interval.upper, "paired cluster bootstrap (\(method == .bca ? "BCa" : "percentile"))")
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
