internal import Foundation

/// The t statistic of a pooled mean over clusters, plain and adjusted for skewness.
///
/// The mean is over observations; its standard error comes from the clusters' sums of deviations (CR1), with
/// clusters − 1 degrees of freedom. The adjusted statistic is that of N. J. Johnson, "Modified t tests and confidence
/// intervals for asymmetrical populations", JASA 73 (1978):
/// t₁ = [d + μ₃/(6 s² n) + μ₃ d²/(3 s⁴)] √n / s, with d the mean's distance from the hypothesis, on the clusters'
/// sums scaled so that their mean is the pooled mean. Equal and unequal cluster sizes are handled alike.
package struct ClusteredT: Sendable, Hashable {
    package let clusters: Int
    package let observations: Int
    /// The pooled mean.
    package let mean: Double
    package let standardError: Double
    package let t: Double
    package let skewnessAdjustedT: Double

    /// nil below two clusters with observations.
    ///
    /// Without any spread the statistics are infinite with the sign of the distance, or 0 at the hypothesis itself.
    package init?(_ totals: [ClusterTotals], hypothesis: Double = 0) {
        let totals = totals.filter { $0.count > 0 }
        guard totals.count > 1 else { return nil }
        let groups = Double(totals.count)
        let count = totals.reduce(0) { $0 + $1.count }
        let mean = totals.reduce(0) { $0 + $1.sum } / Double(count)
        let scale = groups / Double(count)
        let deviations = totals.map { ($0.sum - mean * Double($0.count)) * scale }
        let squares = deviations.reduce(0) { $0 + $1 * $1 }
        let size = totals.reduce(0) { max($0, abs($1.sum * scale)) }
        let variance = squares / (groups - 1)
        let distance = mean - hypothesis
        clusters = totals.count
        observations = count
        self.mean = mean
        guard squares.squareRoot() > 1e-14 * size else {
            standardError = 0
            t = distance == 0 ? 0 : distance > 0 ? .infinity : -.infinity
            skewnessAdjustedT = t
            return
        }
        let error = (variance / groups).squareRoot()
        let third = deviations.reduce(0) { $0 + $1 * $1 * $1 } / groups
        let shift = third / (6 * variance * groups) + third * distance * distance / (3 * variance * variance)
        standardError = error
        t = distance / error
        skewnessAdjustedT = (distance + shift) / error
    }

    package var df: Double { Double(clusters - 1) }

    /// mean ± t(1 − alpha/2, clusters − 1) · standard error; nil without spread.
    package func interval(alpha: Double = 0.05) -> ConfidenceInterval? {
        guard standardError > 0, alpha.isLevel else { return nil }
        return ConfidenceInterval(center: mean, margin: StudentT(df: df).isf(alpha / 2) * standardError)
    }
}
