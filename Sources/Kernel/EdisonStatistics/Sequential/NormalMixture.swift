internal import Foundation

/// The two-sided normal-mixture boundary of Robbins, as an asymptotic confidence sequence (Waudby-Smith, Arbour,
/// Sinha, Kennedy and Ramdas, "Time-uniform central limit theory", 2021).
///
/// It may be looked at after every observation. `tuning` is the sample size at which the interval is narrowest; it must
/// be fixed before the first look.
struct NormalMixture {
    let alpha: Double
    private let rhoSquared: Double

    /// Nil unless 0 < alpha < 1 and tuning > 0.
    init?(alpha: Double, tuning: Double) {
        guard alpha > 0, alpha < 1, tuning > 0, tuning.isFinite else { return nil }
        self.alpha = alpha
        let twice = -2 * log(alpha)
        rhoSquared = (twice + log1p(twice)) / tuning
    }

    /// Half the width for n observations whose estimate has this standard error.
    func halfwidth(standardError: Double, count n: Double) -> Double {
        let scaled = n * rhoSquared
        let growth = 2 * (scaled + 1) / (n * scaled) * (0.5 * log1p(scaled) - log(alpha))
        return standardError * n.squareRoot() * growth.squareRoot()
    }

    /// From the logarithm of the e-value, so that a large effect underflows to 0 and never overflows.
    func p(effect: Double, standardError: Double, count n: Double) -> Double {
        let scaled = n * rhoSquared
        let z = effect / standardError
        let logE = scaled * z * z / (2 * (scaled + 1)) - 0.5 * log1p(scaled)
        return min(1, exp(-logE))
    }
}
