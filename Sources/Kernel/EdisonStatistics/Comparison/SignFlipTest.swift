/// The exact test of paired differences: under no effect each difference could as well have had the other sign, so
/// the observed mean is compared with those of all 2ⁿ assignments (Fisher 1935). It needs no variance and no shape,
/// which makes it the test for few cases and for equal differences.
///
/// Both halves of the differences are enumerated and their sums sorted, so 2ⁿ costs 2^(n/2).
package struct SignFlipTest: Sendable {
    /// Beyond this many differences the enumeration is refused.
    package static let largestCount = 40

    package private(set) var status: StatisticStatus
    package private(set) var meanDifference: Double?
    package private(set) var pValue: Double?
    /// 2ⁿ.
    package private(set) var assignments: Int?

    package init(differences: [Double], alternative: Alternative = .twoSided) {
        status = .invalidInput
        guard differences.allSatisfy(\.isFinite), differences.count <= Self.largestCount else { return }
        status = .insufficientData
        guard let mean = Moments(differences).mean else { return }
        status = .ok
        meanDifference = mean
        assignments = 1 << differences.count
        let observed = differences.reduce(0, +)
        // Sums of the same values in another order may differ by rounding and count as equal.
        let tolerance = 1e-12 * differences.reduce(0) { $0 + abs($1) }
        let half = differences.count / 2
        let first = Self.signedSums(differences[..<half])
        let second = Self.signedSums(differences[half...])
        let total = Double(first.count) * Double(second.count)
        let atLeast = Self.pairs(first, second, reaching: observed - tolerance)
        let above = Self.pairs(first, second, reaching: (observed + tolerance).nextUp)
        pValue = alternative.pValue(
            atLeast: Double(atLeast) / total, atMost: (total - Double(above)) / total)
    }

    /// All sums with either sign, ascending.
    private static func signedSums(_ values: ArraySlice<Double>) -> [Double] {
        values.reduce([0]) { sums, value in
            // Two ascending lists, merged.
            let (low, high) = (sums.map { $0 - abs(value) }, sums.map { $0 + abs(value) })
            var merged: [Double] = []
            merged.reserveCapacity(2 * sums.count)
            var (i, j) = (0, 0)
            while i < low.count || j < high.count {
                if j == high.count || i < low.count && low[i] <= high[j] {
                    merged.append(low[i])
                    i += 1
                } else {
                    merged.append(high[j])
                    j += 1
                }
            }
            return merged
        }
    }

    /// The number of pairs whose sum is at least `limit`.
    private static func pairs(_ first: [Double], _ second: [Double], reaching limit: Double) -> Int {
        var total = 0
        var start = second.count
        for value in first {
            while start > 0, value + second[start - 1] >= limit { start -= 1 }
            total += second.count - start
        }
        return total
    }
}
