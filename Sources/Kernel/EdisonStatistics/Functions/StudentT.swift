import Foundation

/// Student's t distribution.
package struct StudentT: Sendable {
    package let df: Double

    package init(df: Double) { self.df = df }

    /// P(T ≤ t).
    package func cdf(_ t: Double) -> Double { t > 0 ? 1 - tail(t) : tail(-t) }

    /// P(T > t), accurate in the tail.
    package func sf(_ t: Double) -> Double { t > 0 ? tail(t) : 1 - tail(-t) }

    /// P(T > t) for t ≥ 0.
    private func tail(_ t: Double) -> Double {
        if t.isInfinite { return 0 }
        let square = t * t
        // The side of x that does not round to 1.
        return square < df
            ? 0.5 * IncompleteBeta.complement(square / (df + square), a: 0.5, b: df / 2)
            : 0.5 * IncompleteBeta.regularised(df / (df + square), a: df / 2, b: 0.5)
    }

    private func density(_ t: Double) -> Double {
        let half = (df + 1) / 2
        let scale: Double = lgamma(half) - lgamma(df / 2) - 0.5 * log(df * Double.pi)
        return exp(scale - half * log1p(t * t / df))
    }

    /// The t with P(T ≤ t) = p: Newton's steps inside a bracket.
    package func quantile(_ p: Double) -> Double {
        if p.isNaN || p < 0 || p > 1 { return .nan }
        if p == 0.5 { return 0 }
        if p < 0.5 { return -upper(p) }
        return upper(1 - p)
    }

    /// The t > 0 whose tail is p < 0.5.
    private func upper(_ p: Double) -> Double {
        if p == 0 { return .infinity }
        var low = 0.0
        var high = 1.0
        while tail(high) > p, high < 1e300 { high *= 2 }
        var t = high / 2
        for _ in 0..<200 {
            let excess = tail(t) - p
            if excess > 0 { low = t } else { high = t }
            let step = t + excess / density(t)
            let next = step > low && step < high ? step : (low + high) / 2
            if abs(next - t) <= 1e-15 * abs(t) { return next }
            t = next
        }
        return t
    }
}
