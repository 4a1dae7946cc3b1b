internal import Foundation

/// Student's t distribution with any positive, also fractional, degrees of freedom; NaN for others.
package struct StudentT: Sendable, Hashable {
    package let df: Double

    package init(df: Double) { self.df = df }

    /// From here on the normal distribution is the same to the last digit.
    private static let normalFrom = 1e15

    package func pdf(_ x: Double) -> Double {
        guard df > 0 else { return .nan }
        if df >= Self.normalFrom { return NormalDistribution.pdf(x) }
        return exp(-0.5 * (df + 1) * log1p(x * x / df) - GammaFunctions.logBeta(0.5, 0.5 * df)) / df.squareRoot()
    }

    package func cdf(_ x: Double) -> Double { sf(-x) }
    package func sf(_ x: Double) -> Double { exp(logSF(x)) }
    package func logCDF(_ x: Double) -> Double { logSF(-x) }

    package func logSF(_ x: Double) -> Double {
        guard df > 0, !x.isNaN else { return .nan }
        if df >= Self.normalFrom { return NormalDistribution.logSF(x) }
        if x == 0 { return -M_LN2 }
        if x.isInfinite { return x > 0 ? -.infinity : 0 }
        let tail = logTail(abs(x)) - M_LN2
        return x > 0 ? tail : log1p(-exp(tail))
    }

    /// ln P(|T| > x) for x > 0.
    private func logTail(_ x: Double) -> Double {
        let ratio = x / df.squareRoot()
        let square = ratio * ratio
        if square == .infinity {
            // The leading term of the tail: the kernel at y = 1.
            let logX = -2 * log(ratio)
            return 0.5 * df * logX - log(0.5 * df) - GammaFunctions.logBeta(0.5 * df, 0.5)
        }
        return IncompleteBeta.logLower(0.5 * df, 0.5, x: 1 / (1 + square), y: square / (1 + square))
    }

    /// P(|T| > |x|), the two-sided p-value.
    package func twoSided(_ x: Double) -> Double { min(1, 2 * sf(abs(x))) }

    package func ppf(_ p: Double) -> Double { p < 0.5 ? -quantile(tail: p) : quantile(tail: 1 - p) }
    package func isf(_ p: Double) -> Double { -ppf(p) }

    /// The t with P(T ≤ t) = p; the same as `ppf`.
    package func quantile(_ p: Double) -> Double { ppf(p) }

    private func quantile(tail: Double) -> Double {
        guard df > 0, tail >= 0, tail <= 0.5 else { return .nan }
        if df >= Self.normalFrom { return NormalDistribution.isf(tail) }
        if tail == 0 { return .infinity }
        if tail == 0.5 { return 0 }
        // T²/(df + T²) is Beta(½, df/2); its logit is ln(T²/df).
        let logit = BetaDistribution(alpha: 0.5, beta: 0.5 * df).logitQuantile(lower: 1 - 2 * tail, upper: 2 * tail)
        return df.squareRoot() * exp(0.5 * logit)
    }
}
