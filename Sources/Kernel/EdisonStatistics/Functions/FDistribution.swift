internal import Foundation

/// The F distribution with positive degrees of freedom of numerator and denominator; NaN for others.
package struct FDistribution: Sendable, Hashable {
    package let numerator: Double
    package let denominator: Double

    package init(numerator: Double, denominator: Double) {
        self.numerator = numerator
        self.denominator = denominator
    }

    private var isValid: Bool { numerator > 0 && denominator > 0 }

    package func pdf(_ x: Double) -> Double {
        guard isValid, !x.isNaN else { return .nan }
        guard x > 0 else { return x == 0 && numerator <= 2 ? (numerator == 2 ? 1 : .infinity) : 0 }
        guard x < .infinity else { return 0 }
        let ratio = numerator * x / denominator
        let kernel = IncompleteBeta.logKernel(
            0.5 * numerator, 0.5 * denominator, x: ratio / (1 + ratio), y: 1 / (1 + ratio))
        return exp(kernel - log(x))
    }

    package func cdf(_ x: Double) -> Double { exp(logCDF(x)) }
    package func sf(_ x: Double) -> Double { exp(logSF(x)) }

    package func logCDF(_ x: Double) -> Double {
        guard isValid, !x.isNaN else { return .nan }
        guard x > 0 else { return -.infinity }
        guard x < .infinity else { return 0 }
        let ratio = numerator * x / denominator
        return IncompleteBeta.logLower(
            0.5 * numerator, 0.5 * denominator, x: ratio / (1 + ratio), y: 1 / (1 + ratio))
    }

    package func logSF(_ x: Double) -> Double {
        guard isValid, !x.isNaN else { return .nan }
        guard x > 0 else { return 0 }
        guard x < .infinity else { return -.infinity }
        let ratio = numerator * x / denominator
        return IncompleteBeta.logLower(
            0.5 * denominator, 0.5 * numerator, x: 1 / (1 + ratio), y: ratio / (1 + ratio))
    }

    package func ppf(_ p: Double) -> Double { quantile(lower: p, upper: 1 - p) }
    package func isf(_ p: Double) -> Double { quantile(lower: 1 - p, upper: p) }

    private func quantile(lower: Double, upper: Double) -> Double {
        guard isValid, lower >= 0, upper >= 0 else { return .nan }
        if lower == 0 { return 0 }
        if upper == 0 { return .infinity }
        let beta = BetaDistribution(alpha: 0.5 * numerator, beta: 0.5 * denominator)
        return exp(beta.logitQuantile(lower: lower, upper: upper)) * denominator / numerator
    }
}
