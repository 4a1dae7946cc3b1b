internal import Foundation

/// Whether a version is better than the first one on cases that did not choose it: one-sided, tested once a run.
///
/// Differences are often skewed the dangerous way (a little better mostly, much worse sometimes), where Student's t
/// alone promotes 8 to 15 % of equal versions at a nominal 5 %. So both t and the skewness-adjusted t of `ClusteredT`
/// must exceed the quantile, at a level that falls where few clusters let neither be trusted. The tests simulate false
/// promotions and power.
///
/// Without any spread there is no t, and equal small gains may only mean that the rare large loss has not come yet:
/// nine cases in ten +0.05 and one in ten −0.45 look like this in a fifth of all samples of 15. Then the version is
/// promoted only if its mean stays above the margin even when the unseen share of cases, at most 1 − level^(1/n) with
/// confidence 1 − level, comes out as badly as differences can.
package struct PromotionTest: Sendable {
    /// From here on the level is `level(clusters:)` = 0.05.
    package static let clustersForFullLevel = 30
    /// Below this there is no test.
    package static let fewestClusters = 10

    package let status: StatisticStatus
    package let clusters: Int
    /// The pooled mean difference, new minus old; 0 without observations.
    package let mean: Double
    package let margin: Double
    package let t: Double
    package let adjustedT: Double
    /// One-sided; nil when there are too few clusters.
    package let level: Double?
    package let quantile: Double?
    /// The two-sided 95 % interval of the mean difference; nil without spread or below two clusters.
    package let interval: ConfidenceInterval?
    /// The differences had no spread, so that `t` is infinite or 0 and the bound on unseen cases decided.
    package let lacksSpread: Bool
    package let isPromoted: Bool
    /// When the data are too few: how many clusters allow a test.
    package let clustersNeeded: Int?

    /// - Parameters:
    ///   - totals: per cluster the sum of the differences (new − old) and their number.
    ///   - margin: the mean difference that must be exceeded; 0 asks for any improvement.
    ///   - worstDifference: the lowest difference that the scale allows; −1 for scores in [0, 1].
    ///   - comparisons: among how many versions this one was chosen on cases of this test. Each gets its share of the
    ///     level (Bonferroni; the first step of Holm), so that whatever the choice was, the chance to promote one that
    ///     is not better stays below the level.
    package init(
        _ totals: [ClusterTotals], margin: Double = 0, worstDifference: Double = -1, comparisons: Int = 1
    ) {
        let totals = totals.filter { $0.count > 0 }
        let isValid = margin.isFinite && totals.allSatisfy { $0.sum.isFinite }
        let statistic = isValid ? ClusteredT(totals, hypothesis: margin) : nil
        let level = isValid ? Self.level(clusters: totals.count).map { $0 / Double(max(1, comparisons)) } : nil
        clusters = totals.count
        self.margin = margin
        self.level = level
        status = !isValid ? .invalidInput : level == nil ? .insufficientData : .ok
        let count = totals.reduce(0) { $0 + $1.count }
        mean = statistic?.mean ?? (count > 0 ? totals.reduce(0) { $0 + $1.sum } / Double(count) : 0)
        t = statistic?.t ?? 0
        adjustedT = statistic?.skewnessAdjustedT ?? 0
        let quantile = level.map { StudentT(df: Double(totals.count - 1)).isf($0) }
        self.quantile = quantile
        interval = statistic?.interval()
        lacksSpread = statistic.map { $0.standardError == 0 } ?? false
        if let statistic, let level, let quantile {
            let unseen = -expm1(log(level) / Double(totals.count))
            isPromoted =
                statistic.standardError > 0
                ? statistic.t > quantile && statistic.skewnessAdjustedT > quantile
                : (1 - unseen) * statistic.mean + unseen * worstDifference > margin
        } else {
            isPromoted = false
        }
        clustersNeeded = status == .insufficientData ? Self.fewestClusters : nil
    }

    /// - Parameter clusters: the differences (new − old) of each cluster's cases.
    package init(clusters: [[Double]], margin: Double = 0, comparisons: Int = 1) {
        self.init(clusters.map { ClusterTotals($0) }, margin: margin, comparisons: comparisons)
    }

    /// The one-sided level: 0.05 from 30 clusters on, 0.01 from 10 to 29, none below.
    package static func level(clusters: Int) -> Double? {
        clusters >= clustersForFullLevel ? 0.05 : clusters >= fewestClusters ? 0.01 : nil
    }

    package var isInsufficient: Bool { status != .ok }

    /// Why there is no test, or none that t could decide, for people.
    package var reason: String? {
        switch status {
        case .ok:
            lacksSpread && !isPromoted && mean > margin
                ? "all \(clusters) differences are equal; a rare large loss could still be unseen" : nil
        case .insufficientData:
            "\(clusters) independent held-out cases are too few for a conclusion; "
                + "\(Self.fewestClusters) would allow one, \(Self.clustersForFullLevel) a sharper one"
        default: "the differences are not all finite numbers"
        }
    }
}
