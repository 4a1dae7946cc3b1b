internal import Foundation

/// The same cases under two versions: the t test on the differences b − a.
///
/// `dz` is the mean difference in standard deviations of the differences; `unpairedError`, the standard error that
/// Welch's test would have had, shows what pairing gains.
package struct PairedTTest: Sendable {
    package private(set) var status: StatisticStatus
    package private(set) var count: Int?
    package private(set) var meanDifference: Double?
    package private(set) var standardDeviation: Double?
    package private(set) var standardError: Double?
    package private(set) var t: Double?
    package private(set) var df: Double?
    package private(set) var pValue: Double?
    package private(set) var interval: ConfidenceInterval?
    package private(set) var dz: Double?
    /// Pearson's r between the arms; nil when an arm is constant.
    package private(set) var correlation: Double?
    package private(set) var unpairedError: Double?

    package init(_ a: [Double], _ b: [Double], alpha: Double = 0.05, alternative: Alternative = .twoSided) {
        status = .invalidInput
        guard alpha.isLevel, a.count == b.count, a.allSatisfy(\.isFinite), b.allSatisfy(\.isFinite) else { return }
        status = .insufficientData
        let differences = zip(a, b).map { $1 - $0 }
        let moments = Moments(differences)
        count = moments.count
        meanDifference = moments.mean
        guard let mean = moments.mean, let deviation = moments.standardDeviation else { return }
        status = .degenerate
        correlation = Correlation.pearson(a, b)
        unpairedError = MeanDifferenceSpread(SampleSummary(a), SampleSummary(b))?.error
        // Differences that are equal but for the rounding of their subtraction have no spread.
        let rounding = 4 * Double.ulpOfOne * zip(a, b).reduce(0) { max($0, abs($1.0), abs($1.1)) }
        guard moments.maximum - moments.minimum > rounding else { return }
        status = .ok
        let error = deviation / Double(moments.count).squareRoot()
        let distribution = StudentT(df: Double(moments.count - 1))
        standardDeviation = deviation
        standardError = error
        df = distribution.df
        t = mean / error
        dz = mean / deviation
        pValue = alternative.pValue(of: mean / error, sf: distribution.sf)
        interval = alternative.interval(center: mean, error: error, alpha: alpha, isf: distribution.isf)
    }
}
