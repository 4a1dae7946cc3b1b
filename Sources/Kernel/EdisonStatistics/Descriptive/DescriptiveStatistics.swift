internal import Foundation

/// What a table shows about one sample: location, spread, shape, quantiles and a t interval of the mean.
package struct DescriptiveStatistics: Sendable {
    package let status: StatisticStatus
    package let moments: Moments
    package let median: Double?
    package let p25: Double?
    package let p75: Double?
    package let p90: Double?
    package let p95: Double?
    package let p99: Double?
    /// mean ± t(1 − alpha/2, n − 1) · standard error; nil without variance.
    package let interval: ConfidenceInterval?

    /// - Parameter values: one sample; a value that is not finite makes the whole sample invalid.
    package init(_ values: [Double], alpha: Double = 0.05) {
        self.init(values, moments: Moments(values), alpha: alpha)
    }

    /// For chunks that were summarised elsewhere and merged.
    package init(_ values: [Double], moments: Moments, alpha: Double = 0.05) {
        let isValid = alpha.isLevel && values.allSatisfy(\.isFinite)
        status = !isValid ? .invalidInput : values.isEmpty ? .insufficientData : .ok
        let sorted = status == .ok ? values.sorted() : []
        self.moments = status == .ok ? moments : Moments()
        median = Quantiles.ofSorted(sorted, 0.5)
        p25 = Quantiles.ofSorted(sorted, 0.25)
        p75 = Quantiles.ofSorted(sorted, 0.75)
        p90 = Quantiles.ofSorted(sorted, 0.90)
        p95 = Quantiles.ofSorted(sorted, 0.95)
        p99 = Quantiles.ofSorted(sorted, 0.99)
        if let mean = self.moments.mean, let error = self.moments.standardError, error > 0 {
            let quantile = StudentT(df: Double(values.count - 1)).isf(alpha / 2)
            interval = ConfidenceInterval(center: mean, margin: quantile * error)
        } else {
            interval = nil
        }
    }

    package var minimum: Double? { moments.count > 0 ? moments.minimum : nil }
    package var maximum: Double? { moments.count > 0 ? moments.maximum : nil }
    package var sum: Double? { moments.count > 0 ? moments.sum : nil }
}

extension Moments {
    /// Of the mean; nil below two values.
    package var standardError: Double? { standardDeviation.map { $0 / Double(count).squareRoot() } }
}

extension Double {
    /// Whether this can be an error level or a confidence: strictly between 0 and 1.
    var isLevel: Bool { self > 0 && self < 1 }
}
