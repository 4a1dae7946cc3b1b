internal import Foundation

/// How large an effect is called.
package enum EffectMagnitude: String, Sendable, Hashable, CaseIterable {
    case negligible
    case small
    case medium
    case large

    /// Cohen's bounds 0.2, 0.5, 0.8 for a standardised difference.
    package init(cohensD: Double) { self.init(abs(cohensD), bounds: (0.2, 0.5, 0.8)) }

    /// The bounds of Romano et al. (2006) for Cliff's delta.
    package init(cliffsDelta: Double) { self.init(abs(cliffsDelta), bounds: (0.147, 0.33, 0.474)) }

    private init(_ size: Double, bounds: (Double, Double, Double)) {
        self = size < bounds.0 ? .negligible : size < bounds.1 ? .small : size < bounds.2 ? .medium : .large
    }
}

/// Standardised and rank effect sizes of b relative to a.
package struct EffectSizes: Sendable {
    package private(set) var status: StatisticStatus
    package private(set) var cohensD: Double?
    /// Cohen's d without its small-sample bias, by the exact factor.
    package private(set) var hedgesG: Double?
    package private(set) var cohensDInterval: ConfidenceInterval?
    /// The difference in standard deviations of a alone.
    package private(set) var glassDelta: Double?
    /// P(b > a) − P(b < a).
    package private(set) var cliffsDelta: Double?
    /// P(b > a), ties as a half.
    package private(set) var commonLanguage: Double?
    /// ln(mean b / mean a); nil unless both are positive.
    package private(set) var logRatioOfMeans: Double?

    package init(_ a: [Double], _ b: [Double], alpha: Double = 0.05) {
        status = .invalidInput
        guard alpha.isLevel, a.allSatisfy(\.isFinite), b.allSatisfy(\.isFinite) else { return }
        status = .insufficientData
        let (momentsA, momentsB) = (Moments(a), Moments(b))
        guard let meanA = momentsA.mean, let meanB = momentsB.mean else { return }
        status = .ok
        let (na, nb) = (Double(a.count), Double(b.count))
        let u = Ranks(a + b).values[a.count...].reduce(0, +) - nb * (nb + 1) / 2
        commonLanguage = u / (na * nb)
        cliffsDelta = 2 * u / (na * nb) - 1
        logRatioOfMeans = meanA > 0 && meanB > 0 ? log(meanB / meanA) : nil
        guard let varianceA = momentsA.variance, let varianceB = momentsB.variance else { return }
        glassDelta = varianceA > 0 ? (meanB - meanA) / varianceA.squareRoot() : nil
        let df = na + nb - 2
        let pooled = ((na - 1) * varianceA + (nb - 1) * varianceB) / df
        guard pooled > 0 else { return }
        let d = (meanB - meanA) / pooled.squareRoot()
        let error = ((na + nb) / (na * nb) + d * d / (2 * (na + nb))).squareRoot()
        cohensD = d
        cohensDInterval = ConfidenceInterval(center: d, margin: NormalDistribution.isf(alpha / 2) * error)
        hedgesG = d * Self.biasFactor(df)
    }

    /// Γ(m/2) / (√(m/2) Γ((m−1)/2)) (Hedges 1981); by Stirling's formula so that large m lose no digits.
    private static func biasFactor(_ m: Double) -> Double {
        guard m > 1 else { return 0 }
        if m < 20 {
            return exp(GammaFunctions.logGamma(m / 2) - GammaFunctions.logGamma((m - 1) / 2)) / (m / 2).squareRoot()
        }
        let half = m / 2
        let powers = (half - 1) * log1p(0.5 / (half - 0.5)) - 0.5
        return exp(powers + GammaFunctions.stirlingError(half) - GammaFunctions.stirlingError(half - 0.5))
    }
}
