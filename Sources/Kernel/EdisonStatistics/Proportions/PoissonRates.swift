internal import Foundation

/// Counts per exposure in two arms: errors per thousand requests, retries per hour. Given the sum of both counts, that
/// of b is binomial with probability eb / (ea + eb) when the rates are equal.
package struct PoissonRates: Sendable {
    package private(set) var status: StatisticStatus
    package private(set) var rateA: Double?
    package private(set) var rateB: Double?
    /// rate b / rate a; nil when a has none.
    package private(set) var ratio: Double?
    package private(set) var difference: Double?
    /// All outcomes no more likely than the observed one.
    package private(set) var exactPValue: Double?
    package private(set) var midPValue: Double?
    package private(set) var scoreZ: Double?
    package private(set) var scorePValue: Double?
    /// Log-Wald; nil when a count is 0.
    package private(set) var ratioInterval: ConfidenceInterval?

    package init(countA: Int, exposureA: Double, countB: Int, exposureB: Double, alpha: Double = 0.05) {
        status = .invalidInput
        guard alpha.isLevel, countA >= 0, countB >= 0, exposureA > 0, exposureB > 0, exposureA.isFinite,
            exposureB.isFinite
        else { return }
        status = .ok
        let (xa, xb) = (Double(countA), Double(countB))
        rateA = xa / exposureA
        rateB = xb / exposureB
        difference = xb / exposureB - xa / exposureA
        let total = countA + countB
        guard total > 0 else {
            exactPValue = 1
            midPValue = 1
            return
        }
        let relativeExposure = exposureB / exposureA
        let binomial = BinomialDistribution(trials: total, probability: exposureB / (exposureA + exposureB))
        exactPValue = binomial.twoSidedPValue(countB)
        let half = 0.5 * binomial.pmf(countB)
        midPValue = min(1, 2 * min(binomial.cdf(countB - 1) + half, binomial.sf(countB) + half))
        let z = (xb - xa * relativeExposure) / ((xa + xb) * relativeExposure).squareRoot()
        scoreZ = z
        scorePValue = min(1, 2 * NormalDistribution.sf(abs(z)))
        guard countA > 0 else { return }
        let ratio = xb / exposureB / (xa / exposureA)
        self.ratio = ratio
        guard countB > 0 else { return }
        let factor = exp(NormalDistribution.isf(alpha / 2) * (1 / xa + 1 / xb).squareRoot())
        ratioInterval = ConfidenceInterval(lower: ratio / factor, upper: ratio * factor)
    }
}

extension BinomialDistribution {
    /// The exact two-sided p-value: the probability of all outcomes that are no more likely than k.
    package func twoSidedPValue(_ k: Int) -> Double {
        guard k >= 0, k <= trials, probability > 0, probability < 1 else {
            return k == 0 && probability == 0 || k == trials && probability == 1 ? 1 : .nan
        }
        let mode = min(trials, Int(Double(trials + 1) * probability))
        // Outcomes that are equally likely differ by rounding; the tolerance is the customary 10⁻⁷.
        let bounds = UnimodalBounds(support: 0...trials, mode: mode, limit: logPMF(k) + 1e-7, logPMF: logPMF)
        return bounds.isEverything ? 1 : min(1, cdf(bounds.lower) + sf(bounds.upper - 1))
    }
}
