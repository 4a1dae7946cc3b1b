internal import Foundation

/// The mean of observations that share clusters, with standard errors that know it (Miller 2024, "Adding Error Bars to
/// Evals"): treating repeats of one case as independent makes intervals too short.
///
/// CR0 is the plain sandwich; CR1 multiplies its variance by G/(G−1) and is used with G−1 degrees of freedom.
package struct ClusteredMean: Sendable {
    package private(set) var status: StatisticStatus
    package private(set) var count: Int?
    package private(set) var clusterCount: Int?
    package private(set) var mean: Double?
    /// As if all observations were independent.
    package private(set) var iidError: Double?
    package private(set) var cr0Error: Double?
    package private(set) var cr1Error: Double?
    package private(set) var interval: ConfidenceInterval?
    /// The intraclass correlation by analysis of variance; nil when every cluster has one observation.
    package private(set) var intraclassCorrelation: Double?
    /// By how much clustering multiplies the variance of the mean.
    package private(set) var designEffect: Double?

    package init(_ values: [Double], clusters: [some Hashable], alpha: Double = 0.05) {
        status = .invalidInput
        guard alpha.isLevel, values.count == clusters.count, values.allSatisfy(\.isFinite) else { return }
        status = .insufficientData
        count = values.count
        let moments = Moments(values)
        let groups = Dictionary(grouping: zip(clusters, values), by: \.0).values.map { $0.map(\.1) }
        clusterCount = groups.count
        mean = moments.mean
        guard let mean = moments.mean, let iid = moments.standardError, groups.count > 1 else { return }
        let (n, g) = (Double(values.count), Double(groups.count))
        let sumsOfDeviations = groups.map { group in group.reduce(0) { $0 + ($1 - mean) } }
        let isConstant = moments.minimum == moments.maximum
        let cr0 = isConstant ? 0 : sumsOfDeviations.reduce(0) { $0 + $1 * $1 }.squareRoot() / n
        let cr1 = cr0 * (g / (g - 1)).squareRoot()
        iidError = iid
        cr0Error = cr0
        cr1Error = cr1
        status = .degenerate
        guard cr1 > 0 else { return }
        status = .ok
        interval = ConfidenceInterval(center: mean, margin: StudentT(df: g - 1).isf(alpha / 2) * cr1)
        designEffect = (cr1 / iid) * (cr1 / iid)
        intraclassCorrelation = Self.intraclassCorrelation(groups, mean: mean, n: n)
    }

    private static func intraclassCorrelation(_ groups: [[Double]], mean: Double, n: Double) -> Double? {
        let g = Double(groups.count)
        guard n > g else { return nil }
        var between = 0.0
        var within = 0.0
        var squaredSizes = 0.0
        for group in groups {
            let size = Double(group.count)
            let groupMean = group.reduce(0, +) / size
            between += size * (groupMean - mean) * (groupMean - mean)
            within += group.reduce(0) { $0 + ($1 - groupMean) * ($1 - groupMean) }
            squaredSizes += size * size
        }
        let betweenSquare = between / (g - 1)
        let withinSquare = within / (n - g)
        let size = (n - squaredSizes / n) / (g - 1)
        let denominator = betweenSquare + (size - 1) * withinSquare
        return denominator > 0 ? (betweenSquare - withinSquare) / denominator : nil
    }
}
