internal import Foundation

/// Logarithms of the gamma and beta functions, and the pieces from which the kernels of the gamma, beta and binomial
/// distributions are put together without cancellation (Loader 2000).
package enum GammaFunctions {
    static let logTwoPi = 1.837_877_066_409_345_5

    /// ln Γ(x) for x > 0; NaN below.
    package static func logGamma(_ x: Double) -> Double {
        guard x > 0 else { return x == 0 ? .infinity : .nan }
        let (value, _): (Double, Int) = lgamma(x)
        return value
    }

    /// ln B(a, b) for positive a and b.
    package static func logBeta(_ a: Double, _ b: Double) -> Double {
        guard a > 0, b > 0 else { return .nan }
        let sum = a + b
        let powers = -(a * log1p(b / a) + b * log1p(a / b))
        return 0.5 * (logTwoPi + log(sum / a / b)) + powers + stirlingError(a) + stirlingError(b) - stirlingError(sum)
    }

    /// ln Γ(x) − [(x − ½) ln x − x + ½ ln 2π], the error of Stirling's formula.
    static func stirlingError(_ x: Double) -> Double {
        if x < 10 { return logGamma(x) - (x - 0.5) * log(x) + x - 0.5 * logTwoPi }
        let inverse = 1 / x
        let square = inverse * inverse
        let tail = 1.0 / 1_188 - square * (691.0 / 360_360 - square / 156)
        return inverse
            * (1.0 / 12 - square * (1.0 / 360 - square * (1.0 / 1_260 - square * (1.0 / 1_680 - square * tail))))
    }

    /// x − ln(1 + x), without cancellation near 0.
    static func excessOverLog(_ x: Double) -> Double {
        guard abs(x) < 0.35 else { return x - log1p(x) }
        // With r = x / (2 + x): ln(1 + x) = 2 (r + r³/3 + …) and x − 2r = x r.
        let ratio = x / (2 + x)
        let square = ratio * ratio
        var term = ratio * square
        var sum = 0.0
        var divisor = 3.0
        while abs(term) > 1e-18 * abs(sum) || divisor < 7 {
            sum += term / divisor
            term *= square
            divisor += 2
            if divisor > 60 { break }
        }
        return x * ratio - 2 * sum
    }

    /// The deviance part a ln(a/m) + m − a, given m and the difference m − a (which callers know without rounding).
    static func deviance(_ a: Double, mean: Double, difference: Double) -> Double {
        let relative = difference / a
        return abs(relative) < 0.35 ? a * excessOverLog(relative) : difference - a * log(mean / a)
    }
}
