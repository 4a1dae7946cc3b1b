internal import Foundation

/// The t statistic of a pooled mean over clusters, plain and adjusted for skewness.
///
/// The mean is over observations; its standard error comes from the clusters' sums of deviations (CR1), with
/// clusters − 1 degrees of freedom. It is computed on the clusters' sums scaled so that their mean is the pooled mean,
/// so that equal and unequal cluster sizes are handled alike.
///
/// The adjusted statistic is that of P. Hall, "On the removal of skewness by transformation", J. R. Stat. Soc. B 54
/// (1992): t + γ/(6√n) + γ t²/(3√n) + γ² t³/(27 n), with γ the bias-corrected skewness (Fisher's G₁). Its first three
/// terms are those of N. J. Johnson, JASA 73 (1978). Johnson's statistic alone is a parabola in t: with γ < 0 it falls
/// again beyond t = 1.5 √n/|γ|, so that the larger an improvement, the less often it is found (left-skewed differences,
/// 40 clusters: in 63 % of runs at +0.10, in 36 % at +0.50). Hall's cubic term makes it grow with t everywhere.
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
        let t = distance / error
        let skewness = Self.skewness(deviations, variance: variance)
        standardError = error
        self.t = t
        skewnessAdjustedT =
            t + skewness * (1 + 2 * t * t) / (6 * groups.squareRoot()) + skewness * skewness * t * t * t / (27 * groups)
    }

    /// Fisher's G₁; 0 below three values, where there is none.
    private static func skewness(_ deviations: [Double], variance: Double) -> Double {
        let count = Double(deviations.count)
        guard count > 2 else { return 0 }
        let third = deviations.reduce(0) { $0 + $1 * $1 * $1 }
        return third * count / ((count - 1) * (count - 2)) / (variance * variance.squareRoot())
    }

    package var df: Double { Double(clusters - 1) }

    /// mean ± t(1 − alpha/2, clusters − 1) · standard error; nil without spread.
    package func interval(alpha: Double = 0.05) -> ConfidenceInterval? {
        guard standardError > 0, alpha.isLevel else { return nil }
        return ConfidenceInterval(center: mean, margin: StudentT(df: df).isf(alpha / 2) * standardError)
    }
}
