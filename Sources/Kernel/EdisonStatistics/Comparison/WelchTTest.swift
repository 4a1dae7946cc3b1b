/// Two independent samples: Welch's t test, which does not assume equal variances, or Student's when asked for.
///
/// t = (mean b − mean a) / √(va/na + vb/nb) with Welch and Satterthwaite's degrees of freedom.
package struct WelchTTest: Sendable {
    package private(set) var status: StatisticStatus
    package private(set) var meanA: Double?
    package private(set) var meanB: Double?
    package private(set) var difference: Double?
    package private(set) var standardError: Double?
    package private(set) var t: Double?
    package private(set) var df: Double?
    package private(set) var pValue: Double?
    package private(set) var interval: ConfidenceInterval?

    package init(
        _ a: [Double], _ b: [Double], alpha: Double = 0.05, alternative: Alternative = .twoSided,
        equalVariances: Bool = false
    ) {
        let isFinite = a.allSatisfy(\.isFinite) && b.allSatisfy(\.isFinite)
        self.init(
            SampleSummary(a), SampleSummary(b), alpha: isFinite ? alpha : .nan, alternative: alternative,
            equalVariances: equalVariances)
    }

    package init(
        _ a: SampleSummary, _ b: SampleSummary, alpha: Double = 0.05, alternative: Alternative = .twoSided,
        equalVariances: Bool = false
    ) {
        status = .invalidInput
        guard alpha.isLevel, a.isValid, b.isValid else { return }
        status = .insufficientData
        meanA = a.mean
        meanB = b.mean
        guard let meanA, let meanB else { return }
        let difference = meanB - meanA
        self.difference = difference
        guard let spread = MeanDifferenceSpread(a, b, equalVariances: equalVariances) else { return }
        status = .degenerate
        guard spread.error > 0 else { return }
        status = .ok
        let distribution = StudentT(df: spread.df)
        standardError = spread.error
        df = spread.df
        t = difference / spread.error
        pValue = alternative.pValue(of: difference / spread.error, sf: distribution.sf)
        interval = alternative.interval(
            center: difference, error: spread.error, alpha: alpha, isf: distribution.isf)
    }
}

/// The standard error of a difference of two means and its degrees of freedom.
struct MeanDifferenceSpread {
    let error: Double
    let df: Double

    /// nil when an arm has fewer than two values.
    init?(_ a: SampleSummary, _ b: SampleSummary, equalVariances: Bool = false) {
        guard let varianceA = a.variance, let varianceB = b.variance else { return nil }
        let (na, nb) = (Double(a.count), Double(b.count))
        if equalVariances {
            df = na + nb - 2
            let pooled = ((na - 1) * varianceA + (nb - 1) * varianceB) / df
            error = (pooled * (1 / na + 1 / nb)).squareRoot()
        } else {
            let (partA, partB) = (varianceA / na, varianceB / nb)
            let sum = partA + partB
            error = sum.squareRoot()
            // As shares of the sum, which neither overflow nor vanish when squared.
            let (shareA, shareB) = (partA / sum, partB / sum)
            df = 1 / (shareA * shareA / (na - 1) + shareB * shareB / (nb - 1))
        }
    }
}
