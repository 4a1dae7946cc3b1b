internal import Foundation

/// Variance reduction with a covariate known before the experiment (Deng, Xu, Kohavi and Walker 2013): the baseline
/// prompt's score on the same case, or the unit's earlier mean.
///
/// θ = cov(y, x) / var(x) over both arms; y′ = y − θ (x − mean x); then Welch's test on y′.
package struct CUPED: Sendable {
    package private(set) var status: StatisticStatus
    package private(set) var theta: Double?
    package private(set) var difference: Double?
    package private(set) var standardError: Double?
    package private(set) var t: Double?
    package private(set) var df: Double?
    package private(set) var pValue: Double?
    package private(set) var interval: ConfidenceInterval?
    package private(set) var rawDifference: Double?
    package private(set) var rawError: Double?
    /// 1 − (standard error / raw standard error)².
    package private(set) var varianceReduction: Double?
    /// The covariate is constant, so the result is Welch's.
    package private(set) var lacksCovariateVariance = false

    /// A unit without covariate (nil) gets the joint mean, which neither helps nor harms it.
    package init(yA: [Double], xA: [Double?], yB: [Double], xB: [Double?], alpha: Double = 0.05) {
        let covariate = xA + xB
        status = .invalidInput
        guard alpha.isLevel, yA.count == xA.count, yB.count == xB.count, yA.allSatisfy(\.isFinite),
            yB.allSatisfy(\.isFinite), covariate.allSatisfy({ $0?.isFinite ?? true })
        else { return }
        let center = Moments(covariate.compactMap(\.self)).mean ?? 0
        let sums = CrossProducts(covariate.map { $0 ?? center }, yA + yB)
        let theta = sums.flatMap { $0.xx > 0 ? $0.xy / $0.xx : nil }
        lacksCovariateVariance = theta == nil
        self.theta = theta ?? 0
        let slope = theta ?? 0
        func adjusted(_ y: [Double], _ x: [Double?]) -> [Double] {
            zip(y, x).map { y, x in y - slope * ((x ?? center) - center) }
        }
        let raw = WelchTTest(yA, yB, alpha: alpha)
        let test = WelchTTest(adjusted(yA, xA), adjusted(yB, xB), alpha: alpha)
        rawDifference = raw.difference
        rawError = raw.standardError
        difference = test.difference
        status = test.status
        guard let error = test.standardError else { return }
        if let rawError {
            // What rounding leaves of a perfect fit is no variance.
            guard error > 1e-13 * rawError else {
                status = .degenerate
                return
            }
            varianceReduction = 1 - (error / rawError) * (error / rawError)
        }
        standardError = error
        t = test.t
        df = test.df
        pValue = test.pValue
        interval = test.interval
    }
}
