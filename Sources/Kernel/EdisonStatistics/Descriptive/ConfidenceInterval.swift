/// The two ends of an interval; an end of a one-sided interval may be infinite.
package struct ConfidenceInterval: Sendable, Hashable {
    package let lower: Double
    package let upper: Double

    package init(lower: Double, upper: Double) {
        self.lower = lower
        self.upper = upper
    }

    /// The symmetric interval `center ± margin`.
    package init(center: Double, margin: Double) {
        self.init(lower: center - margin, upper: center + margin)
    }

    /// Percentiles 2.5 and 97.5 of resampled values; nil without any.
    init?(percentilesOf values: [Double]) {
        let sorted = values.sorted()
        guard let lower = Quantiles.ofSorted(sorted, 0.025), let upper = Quantiles.ofSorted(sorted, 0.975) else {
            return nil
        }
        self.init(lower: lower, upper: upper)
    }

    package var width: Double { upper - lower }

    package func contains(_ value: Double) -> Bool { lower <= value && value <= upper }
}
