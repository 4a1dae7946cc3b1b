internal import Foundation

/// The regularised incomplete gamma functions P(a, x) and Q(a, x) = 1 − P(a, x), each computed directly where it is
/// the small one (DLMF 8.7, 8.9).
package enum IncompleteGamma {
    package static func p(_ a: Double, _ x: Double) -> Double { exp(logP(a, x)) }
    package static func q(_ a: Double, _ x: Double) -> Double { exp(logQ(a, x)) }

    package static func logP(_ a: Double, _ x: Double) -> Double {
        guard a > 0, x >= 0 else { return .nan }
        if x == 0 { return -.infinity }
        if x == .infinity { return 0 }
        return x < a + 1 ? logSeries(a, x) : log1p(-exp(logFraction(a, x)))
    }

    package static func logQ(_ a: Double, _ x: Double) -> Double {
        guard a > 0, x >= 0 else { return .nan }
        if x == 0 { return 0 }
        if x == .infinity { return -.infinity }
        return x < a + 1 ? log1p(-min(1, exp(logSeries(a, x)))) : logFraction(a, x)
    }

    /// ln of xᵃ e⁻ˣ / Γ(a).
    static func logKernel(_ a: Double, _ x: Double) -> Double {
        0.5 * (log(a) - GammaFunctions.logTwoPi) - GammaFunctions.stirlingError(a)
            - GammaFunctions.deviance(a, mean: x, difference: x - a)
    }

    private static func logSeries(_ a: Double, _ x: Double) -> Double {
        var term = 1 / a
        var sum = term
        var denominator = a
        for _ in 0..<1_000_000 {
            denominator += 1
            term *= x / denominator
            sum += term
            if term < sum * 1e-17 { break }
        }
        return logKernel(a, x) + log(sum)
    }

    private static func logFraction(_ a: Double, _ x: Double) -> Double {
        let tiny = 1e-300
        var b = x + 1 - a
        var c = 1 / tiny
        var d = 1 / (abs(b) < tiny ? tiny : b)
        var fraction = d
        for index in 1..<1_000_000 {
            let step = Double(index)
            let numerator = -step * (step - a)
            b += 2
            d = numerator * d + b
            if abs(d) < tiny { d = tiny }
            c = b + numerator / c
            if abs(c) < tiny { c = tiny }
            d = 1 / d
            let factor = c * d
            fraction *= factor
            if abs(factor - 1) < 1e-16 { break }
        }
        return logKernel(a, x) + log(fraction)
    }
}
