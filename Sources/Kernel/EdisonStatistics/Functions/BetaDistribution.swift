internal import Foundation

/// The beta distribution on [0, 1] with positive shapes `alpha` and `beta`; NaN for other shapes.
package struct BetaDistribution: Sendable, Hashable {
    package let alpha: Double
    package let beta: Double

    package init(alpha: Double, beta: Double) {
        self.alpha = alpha
        self.beta = beta
    }

    package var mean: Double { alpha / (alpha + beta) }

    package var variance: Double {
        let sum = alpha + beta
        return alpha / sum * (beta / sum) / (sum + 1)
    }

    private var isValid: Bool { alpha > 0 && beta > 0 && alpha.isFinite && beta.isFinite }

    package func logPDF(_ x: Double) -> Double {
        guard isValid, !x.isNaN else { return .nan }
        if x < 0 || x > 1 { return -.infinity }
        if x == 0 { return alpha < 1 ? .infinity : alpha > 1 ? -.infinity : log(beta) }
        if x == 1 { return beta < 1 ? .infinity : beta > 1 ? -.infinity : log(alpha) }
        return IncompleteBeta.logKernel(alpha, beta, x: x, y: 1 - x) - log(x) - log1p(-x)
    }

    package func pdf(_ x: Double) -> Double { exp(logPDF(x)) }

    package func logCDF(_ x: Double) -> Double {
        guard isValid, !x.isNaN else { return .nan }
        if x <= 0 { return -.infinity }
        if x >= 1 { return 0 }
        return IncompleteBeta.logLower(alpha, beta, x: x, y: 1 - x)
    }

    package func logSF(_ x: Double) -> Double {
        guard isValid, !x.isNaN else { return .nan }
        if x <= 0 { return 0 }
        if x >= 1 { return -.infinity }
        return IncompleteBeta.logLower(beta, alpha, x: 1 - x, y: x)
    }

    package func cdf(_ x: Double) -> Double { exp(logCDF(x)) }
    package func sf(_ x: Double) -> Double { exp(logSF(x)) }

    package func ppf(_ p: Double) -> Double { quantile(lower: p, upper: 1 - p) }
    package func isf(_ p: Double) -> Double { quantile(lower: 1 - p, upper: p) }

    private func quantile(lower: Double, upper: Double) -> Double {
        guard isValid, lower >= 0, upper >= 0 else { return .nan }
        if lower == 0 { return 0 }
        if upper == 0 { return 1 }
        let logit = logitQuantile(lower: lower, upper: upper)
        return logit < 0 ? exp(logit) / (1 + exp(logit)) : 1 / (1 + exp(-logit))
    }

    /// ln(x / (1 − x)) of the quantile, found from the smaller of both tails.
    ///
    /// On this scale the density is log-concave, so the logarithm of either tail is concave and Newton's method
    /// converges from anywhere.
    func logitQuantile(lower: Double, upper: Double) -> Double {
        let isLower = lower <= upper
        let target = log(isLower ? lower : upper)
        let spread = (1 / alpha + 1 / beta).squareRoot()
        let guess =
            log(alpha / beta) + spread * (isLower ? NormalDistribution.ppf(lower) : NormalDistribution.isf(upper))
        return MonotoneRoot.increasing(from: min(max(guess, -300), 300), in: -1e5...1e5) { logit in
            let x = logit < 0 ? exp(logit) / (1 + exp(logit)) : 1 / (1 + exp(-logit))
            let y = logit > 0 ? exp(-logit) / (1 + exp(-logit)) : 1 / (1 + exp(logit))
            guard x > 0 else { return (-.infinity, .nan) }
            guard y > 0 else { return (.infinity, .nan) }
            let tail =
                isLower
                ? IncompleteBeta.logLower(alpha, beta, x: x, y: y) : IncompleteBeta.logLower(beta, alpha, x: y, y: x)
            let slope = exp(IncompleteBeta.logKernel(alpha, beta, x: x, y: y) - tail)
            return isLower ? (tail - target, slope) : (target - tail, slope)
        }
    }
}
