internal import Foundation

/// The noncentral t distribution: (Z + noncentrality) / √(χ²/df). It gives the power of t tests.
///
/// P(T > t) is the mean of Φ(noncentrality − t s) over s = √(χ²/df). The trapezoidal rule on ln s converges
/// geometrically, and as all terms are positive both tails keep their relative accuracy.
package struct NoncentralT: Sendable, Hashable {
    package let df: Double
    package let noncentrality: Double

    package init(df: Double, noncentrality: Double) {
        self.df = df
        self.noncentrality = noncentrality
    }

    package func sf(_ t: Double) -> Double { expectation { NormalDistribution.sf(t * $0 - noncentrality) } }
    package func cdf(_ t: Double) -> Double { expectation { NormalDistribution.cdf(t * $0 - noncentrality) } }

    private func expectation(of value: (Double) -> Double) -> Double {
        guard df > 0, noncentrality.isFinite else { return .nan }
        // ln s has the density 2 (df/2)^(df/2) / Γ(df/2) · exp(df (w − e^(2w)/2)), with its mode at 0.
        let logConstant =
            M_LN2 + 0.5 * (log(0.5 * df) - GammaFunctions.logTwoPi) - GammaFunctions.stirlingError(0.5 * df)
        let spread = (0.5 / df).squareRoot()
        let step = 0.5 * min(spread, 1 / max(1, abs(noncentrality)), 0.5)
        var total = 0.0
        for direction in [-1.0, 1.0] {
            var index = direction < 0 ? 1.0 : 0.0
            while true {
                let w = direction * index * step
                let exponent = -0.5 * df * (expm1(2 * w) - 2 * w)
                if exponent < -745 || exponent < -80 && index * step > 12 * spread { break }
                total += exp(exponent) * value(exp(w))
                index += 1
            }
        }
        return min(1, total * step * exp(logConstant))
    }
}
