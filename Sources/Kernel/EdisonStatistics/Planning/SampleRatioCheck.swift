internal import Foundation

/// Sample ratio mismatch: do the arms hold the shares of units that they were given? A mismatch means that assignment
/// or logging is at fault, and no result of the experiment should be read.
///
/// Pearson's χ² over the arms with weight, at a threshold of 0.001. On a huge sample a deviation of 0.2 % is certain
/// and harmless, so the largest relative deviation stands beside the p-value. This check is for one look.
package struct SampleRatioCheck: Sendable {
    package private(set) var status: StatisticStatus
    package private(set) var chiSquared: Double?
    package private(set) var df: Int?
    package private(set) var pValue: Double?
    package private(set) var isMismatch: Bool?
    package private(set) var largestRelativeDeviation: Double?
    /// Some arm expects fewer than five units, where χ² is rough.
    package private(set) var hasLowExpectation: Bool?

    /// - Parameter weights: not negative, on any scale. An arm with weight 0 and without units is left out; one with
    ///   units is an unexpected assignment.
    package init(observed: [Int], weights: [Double], threshold: Double = 0.001) {
        status = .invalidInput
        let weightSum = weights.reduce(0, +)
        guard observed.count == weights.count, threshold.isLevel, observed.allSatisfy({ $0 >= 0 }),
            weights.allSatisfy({ $0 >= 0 && $0.isFinite }), weightSum > 0, weightSum.isFinite
        else { return }
        if zip(observed, weights).contains(where: { $0 > 0 && $1 == 0 }) {
            status = .unexpectedAssignment
            isMismatch = true
            return
        }
        status = .insufficientData
        isMismatch = false
        let arms = zip(observed, weights).filter { $0.1 > 0 }
        let total = observed.reduce(0, +)
        guard total > 0, arms.count > 1 else { return }
        status = .ok
        var statistic = 0.0
        var largest = 0.0
        var isLow = false
        for (count, weight) in arms {
            let expected = Double(total) * weight / weightSum
            let deviation = Double(count) - expected
            statistic += deviation * deviation / expected
            largest = max(largest, abs(deviation) / expected)
            isLow = isLow || expected < 5
        }
        let p = ChiSquared(df: Double(arms.count - 1)).sf(statistic)
        chiSquared = statistic
        df = arms.count - 1
        pValue = p
        isMismatch = p < threshold
        largestRelativeDeviation = largest
        hasLowExpectation = isLow
    }
}
