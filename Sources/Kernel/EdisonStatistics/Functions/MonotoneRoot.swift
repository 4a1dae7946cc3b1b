internal import Foundation

/// Finds where a monotone function crosses zero: Newton's steps, held inside a bracket that shrinks at each step, so
/// that a bad start costs time but never the answer.
enum MonotoneRoot {
    /// The root of an increasing function.
    ///
    /// `evaluate` gives the value and, when known, the slope; without a usable slope the bracket is halved. The
    /// bracket need not hold a root: then the nearer end comes back.
    static func increasing(
        from guess: Double, in bracket: ClosedRange<Double>, evaluate: (Double) -> (value: Double, slope: Double)
    ) -> Double {
        var lower = bracket.lowerBound
        var upper = bracket.upperBound
        var point = min(max(guess, lower), upper)
        for _ in 0..<400 {
            let (value, slope) = evaluate(point)
            if value == 0 { return point }
            if value > 0 { upper = point } else { lower = point }
            let newton = point - value / slope
            let isInside = newton.isFinite && slope > 0 && newton > lower && newton < upper
            let next = isInside ? newton : lower + (upper - lower) / 2
            if abs(next - point) <= 2e-16 * max(abs(point), 1e-300) || next == lower && next == point { return next }
            if upper - lower <= 4e-16 * abs(point) { return next }
            point = next
        }
        return point
    }
}
