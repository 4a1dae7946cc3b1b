/// The least-squares line through points; times are centred first, or seconds since 1970 would leave no digits.
struct RegressionLine {
    let slope: Double
    let intercept: Double
    /// Nil without variation of the values.
    let r: Double?
    /// Nil below three points.
    let slopeError: Double?

    /// Nil when the times do not vary.
    init?(_ times: [Double], _ values: [Double]) {
        guard let sums = CrossProducts(times, values), sums.xx > 0 else { return nil }
        slope = sums.xy / sums.xx
        intercept = sums.meanY - slope * sums.meanX
        let r = sums.yy > 0 ? min(1, max(-1, sums.xy / (sums.xx.squareRoot() * sums.yy.squareRoot()))) : nil
        self.r = r
        guard times.count >= 3 else {
            slopeError = nil
            return
        }
        var rest = 0.0
        for (time, value) in zip(times, values) {
            let residual = (value - sums.meanY) - slope * (time - sums.meanX)
            rest += residual * residual
        }
        slopeError = (rest / Double(times.count - 2) / sums.xx).squareRoot()
    }
}

/// The slope of Theil (1950) and Sen (1968): up to 29 % of the points may be wild.
enum TheilSen {
    /// Over all pairs of different times; nil without one.
    static func slope(_ times: [Double], _ values: [Double]) -> Double? {
        var slopes: [Double] = []
        for first in times.indices {
            for second in (first + 1)..<max(first + 1, times.count) where times[second] != times[first] {
                slopes.append((values[second] - values[first]) / (times[second] - times[first]))
            }
        }
        return Quantiles.median(slopes)
    }
}
