internal import Foundation

/// A confidence sequence for the mean of scores in [0, 1], valid at every n from 1 without a normal approximation
/// (Waudby-Smith and Ramdas, "Estimating means of bounded random variables by betting", predictable plug-in, 2020).
///
/// For differences in [−1, 1] feed (d + 1)/2 and map the bounds back by 2x − 1.
package struct EmpiricalBernsteinSequence: Sendable {
    package let status: StatisticStatus
    /// The bounds after each value.
    package let lower: [Double]
    package let upper: [Double]
    package let runningLower: [Double]
    package let runningUpper: [Double]

    /// The interval after all values; [0, 1] before the first.
    package var interval: ConfidenceInterval {
        ConfidenceInterval(lower: runningLower.last ?? 0, upper: runningUpper.last ?? 1)
    }

    package init(_ values: [Double], alpha: Double = 0.05) {
        guard alpha > 0, alpha < 1, values.allSatisfy({ 0...1 ~= $0 }) else {
            (status, lower, upper, runningLower, runningUpper) = (.invalidInput, [], [], [], [])
            return
        }
        let lower = Self.lowerBounds(values, alpha: alpha / 2)
        let upper = Self.lowerBounds(values.map { 1 - $0 }, alpha: alpha / 2).map { 1 - $0 }
        status = .ok
        self.lower = lower
        self.upper = upper
        var (highest, lowest) = (0.0, 1.0)
        runningLower = lower.map { bound in
            highest = max(highest, bound)
            return highest
        }
        runningUpper = upper.map { bound in
            lowest = min(lowest, bound)
            return lowest
        }
    }

    private static func lowerBounds(_ values: [Double], alpha: Double) -> [Double] {
        let budget = -log(alpha)
        var variance = 0.25
        var squares = 0.25
        var total = 0.0
        var (weights, weighted, penalty) = (0.0, 0.0, 0.0)
        return values.enumerated().map { index, value in
            let t = Double(index + 1)
            let lambda = min(0.5, (2 * budget / (t * log1p(t) * variance)).squareRoot())
            let mean = index == 0 ? 0 : total / Double(index)
            total += value
            weights += lambda
            weighted += lambda * value
            penalty += (value - mean) * (value - mean) * (-log1p(-lambda) - lambda)
            let regularised = min(1, (0.5 + total) / (t + 1))
            squares += (value - regularised) * (value - regularised)
            variance = squares / (t + 1)
            return max(0, (weighted - budget - penalty) / weights)
        }
    }
}
