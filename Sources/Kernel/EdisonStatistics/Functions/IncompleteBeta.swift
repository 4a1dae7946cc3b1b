import Foundation

/// The regularised incomplete beta function, I_x(a, b): the base of Student's t, F and binomial tails.
///
/// Lentz's continued fraction (Numerical Recipes, section 6.4, as a published method), used on the side where it
/// converges quickly, so that small tails keep their relative accuracy.
package enum IncompleteBeta {
    package static func regularised(_ x: Double, a: Double, b: Double) -> Double {
        if x <= 0 { return 0 }
        if x >= 1 { return 1 }
        return x < (a + 1) / (a + b + 2)
            ? front(x, a, b) * fraction(x, a, b) / a : 1 - front(x, a, b) * fraction(1 - x, b, a) / b
    }

    /// 1 − I_x(a, b) without the cancellation.
    package static func complement(_ x: Double, a: Double, b: Double) -> Double {
        if x <= 0 { return 1 }
        if x >= 1 { return 0 }
        return x < (a + 1) / (a + b + 2)
            ? 1 - front(x, a, b) * fraction(x, a, b) / a : front(x, a, b) * fraction(1 - x, b, a) / b
    }

    private static func front(_ x: Double, _ a: Double, _ b: Double) -> Double {
        exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log1p(-x))
    }

    private static func fraction(_ x: Double, _ a: Double, _ b: Double) -> Double {
        let tiny = 1e-300
        func clear(_ value: Double) -> Double { abs(value) < tiny ? tiny : value }
        var c = 1.0
        var d = 1 / clear(1 - (a + b) * x / (a + 1))
        var result = d
        for index in 1...10_000 {
            let m = Double(index)
            let even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
            d = 1 / clear(1 + even * d)
            c = clear(1 + even / c)
            result *= d * c
            let odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
            d = 1 / clear(1 + odd * d)
            c = clear(1 + odd / c)
            let step = d * c
            result *= step
            if abs(step - 1) < 1e-16 { break }
        }
        return result
    }
}
