internal import Foundation

/// Pass or fail on the same cases under two versions: only the cases on which they differ carry evidence.
package struct McNemarTest: Sendable {
    package private(set) var status: StatisticStatus
    package private(set) var count: Int?
    /// The difference of the pass rates, b − a.
    package private(set) var difference: Double?
    package private(set) var exactPValue: Double?
    /// Less conservative: half the observed outcome's probability.
    package private(set) var midPValue: Double?
    /// χ² with continuity correction; nil without discordant pairs.
    package private(set) var chiSquared: Double?
    package private(set) var chiSquaredPValue: Double?
    package private(set) var standardError: Double?
    package private(set) var interval: ConfidenceInterval?
    /// The one to show: exact below 25 discordant pairs, else mid-p.
    package private(set) var pValue: Double?

    package init(both: Int, onlyA: Int, onlyB: Int, neither: Int, alpha: Double = 0.05) {
        status = .invalidInput
        guard alpha.isLevel, min(both, onlyA, onlyB, neither) >= 0 else { return }
        let total = both + onlyA + onlyB + neither
        status = .insufficientData
        count = total
        guard total > 0 else { return }
        status = .ok
        let n = Double(total)
        let discordant = onlyA + onlyB
        let excess = Double(onlyB - onlyA)
        difference = excess / n
        // m − excess²/n, written so that it cannot go below 0 by rounding.
        let error = max(0, Double(discordant) - excess * excess / n).squareRoot() / n
        standardError = error
        interval =
            error > 0
            ? ConfidenceInterval(center: excess / n, margin: NormalDistribution.isf(alpha / 2) * error) : nil
        guard discordant > 0 else {
            exactPValue = 1
            midPValue = 1
            pValue = 1
            return
        }
        let fewer = min(onlyA, onlyB)
        let binomial = BinomialDistribution(trials: discordant, probability: 0.5)
        let exact = min(1, 2 * binomial.cdf(fewer))
        let mid = min(1, 2 * binomial.cdf(fewer - 1) + binomial.pmf(fewer))
        let corrected = abs(excess) - 1
        let statistic = corrected * corrected / Double(discordant)
        exactPValue = exact
        midPValue = mid
        chiSquared = statistic
        chiSquaredPValue = ChiSquared(df: 1).sf(statistic)
        pValue = discordant < 25 ? exact : mid
    }
}
