internal import Foundation

/// Confidence intervals of one pass rate. Wilson's is the one to show; Wald's is not offered, because it has width 0
/// at 0 % and 100 %.
package struct ProportionInterval: Sendable {
    package private(set) var status: StatisticStatus
    package private(set) var proportion: Double?
    package private(set) var wilson: ConfidenceInterval?
    package private(set) var clopperPearson: ConfidenceInterval?
    /// Equal-tailed, from Beta(x + ½, n − x + ½), also at x = 0 and x = n.
    package private(set) var jeffreys: ConfidenceInterval?
    package private(set) var agrestiCoull: ConfidenceInterval?

    package init(successes: Int, trials: Int, alpha: Double = 0.05) {
        status = .invalidInput
        guard alpha.isLevel, successes >= 0, successes <= trials else { return }
        status = .insufficientData
        guard trials > 0 else { return }
        status = .ok
        let (x, n) = (Double(successes), Double(trials))
        let z = NormalDistribution.isf(alpha / 2)
        proportion = x / n
        wilson = Self.wilson(x, n, z: z)
        clopperPearson = ConfidenceInterval(
            lower: successes == 0 ? 0 : BetaDistribution(alpha: x, beta: n - x + 1).ppf(alpha / 2),
            upper: successes == trials ? 1 : BetaDistribution(alpha: x + 1, beta: n - x).isf(alpha / 2))
        let posterior = BetaDistribution(alpha: x + 0.5, beta: n - x + 0.5)
        jeffreys = ConfidenceInterval(lower: posterior.ppf(alpha / 2), upper: posterior.isf(alpha / 2))
        let adjustedCount = n + z * z
        let center = (x + z * z / 2) / adjustedCount
        let margin = z * (center * (1 - center) / adjustedCount).squareRoot()
        agrestiCoull = ConfidenceInterval(lower: max(0, center - margin), upper: min(1, center + margin))
    }

    /// Wilson's interval of a rate whose successes may be halves, as with ties.
    package static func wilson(_ successes: Double, of trials: Double, alpha: Double = 0.05) -> ConfidenceInterval {
        wilson(successes, trials, z: NormalDistribution.isf(alpha / 2))
    }

    /// Wilson's score interval (1927).
    static func wilson(_ x: Double, _ n: Double, z: Double) -> ConfidenceInterval {
        let square = z * z
        let denominator = n + square
        let center = (x + square / 2) / denominator
        let margin = z * (x * (n - x) / n + square / 4).squareRoot() / denominator
        return ConfidenceInterval(
            lower: x == 0 ? 0 : max(0, center - margin), upper: x == n ? 1 : min(1, center + margin))
    }
}
