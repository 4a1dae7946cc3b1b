internal import Foundation

/// The standard normal distribution. Tails come from erfc, never from 1 − cdf.
package enum NormalDistribution {
    package static func pdf(_ x: Double) -> Double { exp(logPDF(x)) }

    package static func logPDF(_ x: Double) -> Double { -0.5 * (x * x + GammaFunctions.logTwoPi) }

    package static func cdf(_ x: Double) -> Double { 0.5 * erfc(-x * 0.5.squareRoot()) }

    package static func sf(_ x: Double) -> Double { 0.5 * erfc(x * 0.5.squareRoot()) }

    package static func logCDF(_ x: Double) -> Double { logSF(-x) }

    package static func logSF(_ x: Double) -> Double {
        if x < -1 { return log1p(-cdf(x)) }
        if x < 30 { return log(sf(x)) }
        // The asymptotic series of Mills' ratio.
        let inverse = 1 / (x * x)
        let series = inverse * (1 - inverse * (3 - inverse * (15 - inverse * (105 - inverse * 945))))
        return logPDF(x) - log(x) + log1p(-series)
    }

    /// The quantile: −∞ at 0, ∞ at 1, NaN outside [0, 1].
    package static func ppf(_ p: Double) -> Double { p <= 0.5 ? -quantile(tail: p) : quantile(tail: 1 - p) }

    /// The point with upper tail `p`.
    package static func isf(_ p: Double) -> Double { -ppf(p) }

    private static func quantile(tail: Double) -> Double {
        guard tail >= 0, tail <= 0.5 else { return .nan }
        if tail == 0 { return .infinity }
        if tail == 0.5 { return 0 }
        // Abramowitz and Stegun 26.2.23 to start, then Newton.
        let t = (-2 * log(tail)).squareRoot()
        let numerator = 2.515517 + t * (0.802853 + t * 0.010328)
        let denominator = 1 + t * (1.432788 + t * (0.189269 + t * 0.001308))
        var x = t - numerator / denominator
        if tail > 0.25 {
            let center = 0.5 - tail
            for _ in 0..<3 { x -= (0.5 * erf(x * 0.5.squareRoot()) - center) / pdf(x) }
        } else {
            let target = log(tail)
            for _ in 0..<3 {
                let logTail = logSF(x)
                x += (logTail - target) * exp(logTail - logPDF(x))
            }
        }
        return x
    }
}
