internal import Foundation

/// The pass rates of two independent arms. Newcombe's interval is the one to show; the z test stands beside Fisher's
/// exact one.
package struct TwoProportions: Sendable {
    package private(set) var status: StatisticStatus
    package private(set) var proportionA: Double?
    package private(set) var proportionB: Double?
    package private(set) var difference: Double?
    /// difference / proportion a; nil at a baseline of 0.
    package private(set) var relativeLift: Double?
    /// With the pooled rate; nil when that is 0 or 1.
    package private(set) var z: Double?
    /// Of z; 1 when the pooled rate is 0 or 1, as Fisher's.
    package private(set) var pValue: Double?
    package private(set) var wald: ConfidenceInterval?
    package private(set) var newcombe: ConfidenceInterval?
    package private(set) var agrestiCaffo: ConfidenceInterval?
    package private(set) var fisherPValue: Double?
    package private(set) var riskRatio: Double?
    package private(set) var riskRatioInterval: ConfidenceInterval?
    package private(set) var oddsRatio: Double?
    package private(set) var oddsRatioInterval: ConfidenceInterval?

    package init(successesA: Int, trialsA: Int, successesB: Int, trialsB: Int, alpha: Double = 0.05) {
        status = .invalidInput
        guard alpha.isLevel, successesA >= 0, successesA <= trialsA, successesB >= 0, successesB <= trialsB
        else { return }
        status = .insufficientData
        guard trialsA > 0, trialsB > 0 else { return }
        status = .ok
        let (xa, na, xb, nb) = (Double(successesA), Double(trialsA), Double(successesB), Double(trialsB))
        let (pa, pb) = (xa / na, xb / nb)
        let quantile = NormalDistribution.isf(alpha / 2)
        let difference = pb - pa
        proportionA = pa
        proportionB = pb
        self.difference = difference
        relativeLift = pa > 0 ? difference / pa : nil
        let pooled = (xa + xb) / (na + nb)
        if pooled > 0, pooled < 1 {
            let z = difference / (pooled * (1 - pooled) * (1 / na + 1 / nb)).squareRoot()
            self.z = z
            pValue = min(1, 2 * NormalDistribution.sf(abs(z)))
        } else {
            pValue = 1
        }
        let variance = pa * (1 - pa) / na + pb * (1 - pb) / nb
        wald = variance > 0 ? ConfidenceInterval(center: difference, margin: quantile * variance.squareRoot()) : nil
        newcombe = Self.newcombe(xa, na, xb, nb, z: quantile)
        let (ca, cb) = ((xa + 1) / (na + 2), (xb + 1) / (nb + 2))
        agrestiCaffo = ConfidenceInterval(
            center: cb - ca,
            margin: quantile * (ca * (1 - ca) / (na + 2) + cb * (1 - cb) / (nb + 2)).squareRoot())
        fisherPValue = FisherExactTest.pValue(
            successesA: successesA, trialsA: trialsA, successesB: successesB, trialsB: trialsB)
        setRatios(xa, na, xb, nb, z: quantile)
    }

    /// The hybrid of two Wilson intervals (Newcombe 1998, method 10).
    private static func newcombe(
        _ xa: Double, _ na: Double, _ xb: Double, _ nb: Double, z: Double
    ) -> ConfidenceInterval {
        let (pa, pb) = (xa / na, xb / nb)
        let a = ProportionInterval.wilson(xa, na, z: z)
        let b = ProportionInterval.wilson(xb, nb, z: z)
        let below = hypot(pb - b.lower, a.upper - pa)
        let above = hypot(b.upper - pb, pa - a.lower)
        return ConfidenceInterval(lower: pb - pa - below, upper: pb - pa + above)
    }

    /// Ratios with log-Wald intervals; a zero cell leaves out what it would make infinite.
    private mutating func setRatios(_ xa: Double, _ na: Double, _ xb: Double, _ nb: Double, z: Double) {
        func interval(_ ratio: Double, variance: Double) -> ConfidenceInterval {
            let factor = exp(z * max(0, variance).squareRoot())
            return ConfidenceInterval(lower: ratio / factor, upper: ratio * factor)
        }
        if xa > 0 {
            let ratio = xb / nb / (xa / na)
            riskRatio = ratio
            if xb > 0 {
                let variance = (1 - xa / na) / xa + (1 - xb / nb) / xb
                riskRatioInterval = interval(ratio, variance: variance)
            }
        }
        let (fa, fb) = (na - xa, nb - xb)
        if xa > 0, xb > 0, fa > 0, fb > 0 {
            let ratio = xb / fb / (xa / fa)
            oddsRatio = ratio
            oddsRatioInterval = interval(ratio, variance: 1 / xa + 1 / fa + 1 / xb + 1 / fb)
        }
    }
}
