import Foundation

/// Whether a version is better than the first one on cases that did not choose it: one-sided, once a run.
///
/// The statistic is the pooled mean of the case differences over its clustered standard error with C − 1 degrees of
/// freedom. Differences are often skewed the dangerous way (a little better mostly, much worse sometimes), where
/// Student's t alone promotes 8 to 15 % of equal versions at a nominal 5 %; so the skewness-adjusted t of N. J. Johnson,
/// "Modified t tests and confidence intervals for asymmetrical populations" (JASA 73, 1978), must exceed the quantile
/// as well. Its operating characteristics are simulated in the tests.
package struct PromotionTest: Sendable {
    package let clusters: Int
    package let mean: Double
    package let t: Double
    package let adjustedT: Double
    /// One-sided: 0.05 from 30 clusters on, 0.01 from 10 to 29; nil below.
    package let level: Double?
    package let quantile: Double?

    /// - Parameter clusters: the differences (new − old) of each cluster's cases.
    package init(clusters: [[Double]]) {
        let clusters = clusters.filter { !$0.isEmpty }
        let groups = Double(clusters.count)
        self.clusters = clusters.count
        let cases = Double(clusters.reduce(0) { $0 + $1.count })
        let mean = cases > 0 ? clusters.joined().reduce(0, +) / cases : 0
        self.mean = mean
        let level: Double? = clusters.count >= 30 ? 0.05 : clusters.count >= 10 ? 0.01 : nil
        self.level = level
        quantile = level.map { StudentT(df: groups - 1).ppf(1 - $0) }
        // Cluster sums of deviations: their spread is what the pooled mean varies by.
        let sums = clusters.map { cluster in cluster.reduce(0) { $0 + ($1 - mean) } }
        let squares = sums.reduce(0) { $0 + $1 * $1 }
        guard groups >= 2, squares > 0 else {
            t = mean > 0 && groups >= 2 ? .infinity : mean < 0 ? -.infinity : 0
            adjustedT = t
            return
        }
        let error = (groups / (groups - 1) * squares).squareRoot() / cases
        t = mean / error
        // Johnson's t1 = [x̄ + μ₃/(6 s² n) + μ₃ x̄²/(3 s⁴)] · √n / s, on the clusters' scaled sums.
        let scale = groups / cases
        let values = sums.map { $0 * scale }
        let variance = values.reduce(0) { $0 + $1 * $1 } / (groups - 1)
        let third = values.reduce(0) { $0 + $1 * $1 * $1 } / groups
        let shifted = mean + third / (6 * variance * groups) + third * mean * mean / (3 * variance * variance)
        adjustedT = shifted / (variance / groups).squareRoot()
    }

    package var isInsufficient: Bool { level == nil }

    package var isPromoted: Bool {
        guard let quantile else { return false }
        return t > quantile && adjustedT > quantile
    }

    /// How many more clusters the smallest possible test needs.
    package var reason: String? {
        isInsufficient ? "\(clusters) independent held-out cases are too few for a conclusion; 10 would allow one, 30 a sharper one" : nil
    }
}
