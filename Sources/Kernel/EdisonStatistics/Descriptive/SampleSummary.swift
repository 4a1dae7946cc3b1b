/// What a t test needs to know about one arm: count, mean, and variance with the divisor n − 1.
package struct SampleSummary: Sendable, Hashable {
    package let count: Int
    /// nil without values.
    package let mean: Double?
    /// nil below two values.
    package let variance: Double?

    package init(count: Int, mean: Double?, variance: Double?) {
        self.count = count
        self.mean = count > 0 ? mean : nil
        self.variance = count > 1 ? variance : nil
    }

    package init(_ values: some Sequence<Double>) { self.init(Moments(values)) }

    package init(_ moments: Moments) {
        self.init(count: moments.count, mean: moments.mean, variance: moments.variance)
    }

    var isValid: Bool { count >= 0 && (mean?.isFinite ?? true) && (variance.map { $0.isFinite && $0 >= 0 } ?? true) }

    /// The variance of the mean.
    var meanVariance: Double? { variance.map { $0 / Double(count) } }
}
