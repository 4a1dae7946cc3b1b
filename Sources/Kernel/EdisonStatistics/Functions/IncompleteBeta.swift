internal import Foundation

/// The regularised incomplete beta function I(x; a, b) by its continued fraction (DLMF 8.17.22).
///
/// Both x and y = 1 − x are arguments: Student's t knows both without rounding, and tails need both.
package enum IncompleteBeta {
    package static func lower(_ a: Double, _ b: Double, x: Double, y: Double) -> Double {
        exp(logLower(a, b, x: x, y: y))
    }

    /// 1 − I(x; a, b), computed as such.
    package static func upper(_ a: Double, _ b: Double, x: Double, y: Double) -> Double {
        exp(logLower(b, a, x: y, y: x))
    }

    package static func logLower(_ a: Double, _ b: Double, x: Double, y: Double) -> Double {
        guard a > 0, b > 0, x >= 0, y >= 0 else { return .nan }
        if x == 0 { return -.infinity }
        if y == 0 { return 0 }
        if x <= (a + 1) / (a + b + 2) { return logFraction(a, b, x: x, y: y) }
        return log1p(-min(1, exp(logFraction(b, a, x: y, y: x))))
    }

    /// ln of xᵃ yᵇ / B(a, b).
    static func logKernel(_ a: Double, _ b: Double, x: Double, y: Double) -> Double {
        let sum = a + b
        let difference = x * b - y * a
        return 0.5 * (log(a / sum * b) - GammaFunctions.logTwoPi)
            + GammaFunctions.stirlingError(sum) - GammaFunctions.stirlingError(a) - GammaFunctions.stirlingError(b)
            - GammaFunctions.deviance(a, mean: sum * x, difference: difference)
            - GammaFunctions.deviance(b, mean: sum * y, difference: -difference)
    }

    /// Lentz's evaluation, modified by Thompson and Barnett.
    private static func logFraction(_ a: Double, _ b: Double, x: Double, y: Double) -> Double {
        let tiny = 1e-300
        let sum = a + b
        var c = 1.0
        var d = 1 - sum * x / (a + 1)
        if abs(d) < tiny { d = tiny }
        d = 1 / d
        var fraction = d
        for index in 1..<1_000_000 {
            let step = Double(index)
            let even = step * (b - step) * x / ((a + 2 * step - 1) * (a + 2 * step))
            d = 1 + even * d
            if abs(d) < tiny { d = tiny }
            c = 1 + even / c
            if abs(c) < tiny { c = tiny }
            d = 1 / d
            fraction *= c * d
            let odd = -(a + step) * (sum + step) * x / ((a + 2 * step) * (a + 2 * step + 1))
            d = 1 + odd * d
            if abs(d) < tiny { d = tiny }
            c = 1 + odd / c
            if abs(c) < tiny { c = tiny }
            d = 1 / d
            let factor = c * d
            fraction *= factor
            if abs(factor - 1) < 1e-16 { break }
        }
        return logKernel(a, b, x: x, y: y) + log(fraction) - log(a)
    }
}
