internal import Foundation

/// Count, mean and central moments up to the fourth of values that arrive one by one or in chunks (Welford 1962,
/// Pébay 2008).
///
/// Values are taken relative to the first one, so a sample around 10¹⁵ keeps its variance and equal values have
/// variance exactly 0. Higher moments are kept in units of a power of two that follows the spread, so that neither
/// 10¹⁴⁰ nor 10⁻¹⁴⁰ overflows or vanishes in the fourth power. Merging equals one pass over all values.
package struct Moments: Sendable {
    package private(set) var count = 0
    package private(set) var minimum = Double.infinity
    package private(set) var maximum = -Double.infinity
    private var total = 0.0
    private var totalError = 0.0
    private var origin = 0.0
    private var shifted = 0.0
    private var unit = 0.0
    private var sums = CentralSums()

    package init() {}

    package init(_ values: some Sequence<Double>) {
        for value in values { add(value) }
    }

    package mutating func add(_ value: Double) {
        if count == 0 { origin = value }
        let before = Double(count)
        count += 1
        addToTotal(value)
        minimum = min(minimum, value)
        maximum = max(maximum, value)
        let difference = value - origin - shifted
        guard difference != 0 else { return }
        rescale(to: difference.magnitude.binade)
        combine(before, 1, difference: difference, CentralSums())
    }

    package mutating func merge(_ other: Moments) {
        guard other.count > 0 else { return }
        guard count > 0 else {
            self = other
            return
        }
        let (n, m) = (Double(count), Double(other.count))
        count += other.count
        addToTotal(other.total)
        addToTotal(other.totalError)
        minimum = min(minimum, other.minimum)
        maximum = max(maximum, other.maximum)
        var other = other
        let difference = (other.origin - origin) + (other.shifted - shifted)
        let common = max(unit, other.unit, difference == 0 ? 0 : difference.magnitude.binade)
        rescale(to: common)
        other.rescale(to: common)
        combine(n, m, difference: difference, other.sums)
    }

    /// nil without values.
    package var mean: Double? {
        guard count > 0 else { return nil }
        let mean = sum / Double(count)
        return mean.isFinite ? min(max(mean, minimum), maximum) : origin + shifted
    }

    package var sum: Double { total + totalError }

    /// With the divisor n − 1; nil below two values.
    package var variance: Double? { count < 2 ? nil : sums.second / Double(count - 1) * unit * unit }

    package var standardDeviation: Double? {
        count < 2 ? nil : (sums.second / Double(count - 1)).squareRoot() * unit
    }

    /// The adjusted Fisher-Pearson coefficient G1; nil below three values or without variance.
    package var skewness: Double? {
        guard count > 2, sums.second > 0 else { return nil }
        let n = Double(count)
        let deviation = (sums.second / n).squareRoot()
        return sums.third / n / (deviation * deviation * deviation) * (n * (n - 1)).squareRoot() / (n - 2)
    }

    /// The unbiased excess kurtosis G2; nil below four values or without variance.
    package var excessKurtosis: Double? {
        guard count > 3, sums.second > 0 else { return nil }
        let n = Double(count)
        let variance = sums.second / n
        let excess = sums.fourth / n / (variance * variance) - 3
        return (n - 1) / ((n - 2) * (n - 3)) * ((n + 1) * excess + 6)
    }

    /// Joins n values with m others whose mean is `difference` higher, both in the same unit.
    private mutating func combine(_ n: Double, _ m: Double, difference: Double, _ other: CentralSums) {
        let sum = n + m
        shifted += difference * (m / sum)
        guard unit > 0 else { return }
        let delta = difference / unit
        let square = delta * delta
        let product = n * m / sum
        let own = sums
        sums.fourth =
            own.fourth + other.fourth + square * square * product * (n * n - n * m + m * m) / (sum * sum)
            + 6 * square * (n * n * other.second + m * m * own.second) / (sum * sum)
            + 4 * delta * (n * other.third - m * own.third) / sum
        sums.third =
            own.third + other.third + delta * square * product * (n - m) / sum
            + 3 * delta * (n * other.second - m * own.second) / sum
        sums.second = own.second + other.second + square * product
    }

    private mutating func rescale(to larger: Double) {
        guard larger > unit else { return }
        let ratio = unit / larger
        sums.second *= ratio * ratio
        sums.third *= ratio * ratio * ratio
        sums.fourth *= ratio * ratio * ratio * ratio
        unit = larger
    }

    /// Neumaier's compensated sum.
    private mutating func addToTotal(_ value: Double) {
        let next = total + value
        totalError += total.magnitude >= value.magnitude ? (total - next) + value : (value - next) + total
        total = next
    }

    private struct CentralSums: Sendable {
        var second = 0.0
        var third = 0.0
        var fourth = 0.0
    }
}
