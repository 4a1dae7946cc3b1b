internal import Foundation

/// The mixture sequential probability ratio test of a normal effect (Johari, Pekelis and Walsh 2015; Zhao et al. 2019).
///
/// The mixing variance must be fixed before the data: one that shrinks with n turns the boundary into a constant.
package struct MixtureSPRT: Sendable {
    package let status: StatisticStatus
    package let logLikelihoodRatio: Double?
    package let p: Double?
    package let halfwidth: Double?

    /// - Parameters:
    ///   - variance: of the estimated difference.
    ///   - mixingVariance: of the effects that are expected, τ².
    package init(difference: Double, variance: Double, mixingVariance: Double, alpha: Double = 0.05) {
        let sum = variance + mixingVariance
        guard difference.isFinite, variance > 0, mixingVariance > 0, sum.isFinite, alpha > 0, alpha < 1 else {
            (status, logLikelihoodRatio, p, halfwidth) = (.invalidInput, nil, nil, nil)
            return
        }
        let shrinkage = log1p(mixingVariance / variance)
        let ratio = mixingVariance * difference * difference / (2 * variance * sum) - 0.5 * shrinkage
        status = .ok
        logLikelihoodRatio = ratio
        p = min(1, exp(-ratio))
        halfwidth = (variance * sum / mixingVariance * (shrinkage - 2 * log(alpha))).squareRoot()
    }
}
