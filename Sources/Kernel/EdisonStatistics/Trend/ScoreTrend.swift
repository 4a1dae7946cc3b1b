/// How a score moves over time, at any spacing: a straight line, two robust checks, and measures of unrest.
///
/// An alert needs enough points, an interval that excludes 0 and a Theil-Sen slope of the same sign: one outlier moves
/// the line, not the median of slopes.
package struct ScoreTrend: Sendable {
    package enum Direction: String, Sendable, Hashable {
        case up, down, flat
    }

    package struct MannKendall: Sendable, Hashable {
        /// Rises minus falls over all pairs.
        package let s: Int
        package let z: Double
        package let p: Double
    }

    package let status: StatisticStatus
    package let count: Int
    /// Per unit of time; nil when time does not vary.
    package let slope: Double?
    package let intercept: Double?
    package let r: Double?
    package var rSquared: Double? { r.map { $0 * $0 } }
    package let slopeError: Double?
    package let slopeP: Double?
    package let slopeInterval: ConfidenceInterval?
    /// The median of all slopes between two points.
    package let theilSen: Double?
    package let mannKendall: MannKendall?
    /// The standard deviation of successive differences.
    package let volatility: Double?
    package let coefficientOfVariation: Double?
    /// The largest fall below the highest value before.
    package let maximumDrawdown: Double?
    /// The last exponentially weighted mean, with weight 0.3 for a new value.
    package let smoothed: Double?
    package let direction: Direction?

    /// - Parameters:
    ///   - times: ascending.
    ///   - values: points that are missing must be dropped by the caller.
    package init(times: [Double], values: [Double], alpha: Double = 0.05) {
        let isValid =
            times.count == values.count && alpha.isLevel && (times + values).allSatisfy(\.isFinite)
            && zip(times, times.dropFirst()).allSatisfy { $0 <= $1 }
        let line = isValid ? RegressionLine(times, values) : nil
        let n = values.count
        count = n
        let isConstant = isValid && n > 0 && values.allSatisfy { $0 == values[0] }
        let isInstant = isValid && n > 0 && times.allSatisfy { $0 == times[0] }
        if !isValid {
            status = .invalidInput
        } else if n < 3 {
            status = .insufficientData
        } else {
            status = isConstant || isInstant ? .degenerate : .ok
        }
        let slope = line.map { isConstant ? 0 : $0.slope }
        self.slope = slope
        intercept = line?.intercept
        r = isConstant ? nil : line?.r
        let hasError = n >= 3 && !isConstant
        let slopeError = hasError ? line?.slopeError : nil
        self.slopeError = slopeError
        let test = StudentT(df: Double(max(1, n - 2)))
        let p = slopeError.flatMap { error in slope.map { error > 0 ? test.twoSided($0 / error) : 0 } }
        slopeP = p
        slopeInterval = slopeError.flatMap { error in
            slope.map { ConfidenceInterval(center: $0, margin: test.isf(alpha / 2) * error) }
        }
        theilSen = isValid && n >= 2 ? TheilSen.slope(times, values) : nil
        mannKendall = isValid && n >= 2 ? MannKendall(values) : nil
        let moments = Moments(isValid ? values : [])
        volatility = isValid ? Moments(zip(values, values.dropFirst()).map { $1 - $0 }).standardDeviation : nil
        coefficientOfVariation = moments.mean.flatMap { mean in
            mean == 0 ? nil : moments.standardDeviation.map { $0 / abs(mean) }
        }
        maximumDrawdown = isValid ? Self.drawdown(values) : nil
        smoothed = isValid ? Self.smoothed(values) : nil
        if isConstant {
            direction = .flat
        } else if let p, let slope {
            direction = p < alpha && slope != 0 ? (slope > 0 ? .up : .down) : .flat
        } else {
            direction = nil
        }
    }

    private static func smoothed(_ values: [Double]) -> Double? {
        guard let first = values.first else { return nil }
        return values.dropFirst().reduce(first) { $0 + 0.3 * ($1 - $0) }
    }

    private static func drawdown(_ values: [Double]) -> Double? {
        guard var highest = values.first else { return nil }
        var largest = 0.0
        for value in values {
            highest = max(highest, value)
            largest = max(largest, highest - value)
        }
        return largest
    }
}

extension ScoreTrend.MannKendall {
    init(_ values: [Double]) {
        var balance = 0
        for first in values.indices {
            for second in (first + 1)..<max(first + 1, values.count) {
                balance += values[second] > values[first] ? 1 : values[second] < values[first] ? -1 : 0
            }
        }
        let n = Double(values.count)
        let ties = Ranks(values).groups.reduce(0.0) { sum, size in
            let t = Double(size)
            return sum + t * (t - 1) * (2 * t + 5)
        }
        let variance = (n * (n - 1) * (2 * n + 5) - ties) / 18
        s = balance
        z = balance == 0 ? 0 : (Double(balance) - Double(balance).signum) / variance.squareRoot()
        p = min(1, 2 * NormalDistribution.sf(abs(z)))
    }
}
