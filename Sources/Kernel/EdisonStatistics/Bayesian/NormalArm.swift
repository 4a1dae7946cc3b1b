/// The mean of a metric in one arm with the variance of one unit, from sums that can be kept while data come in.
package struct NormalArm: Sendable, Hashable {
    package let count: Int
    package let mean: Double
    /// Of one unit, not of the mean.
    package let variance: Double

    package init(count: Int, mean: Double, variance: Double) {
        self.count = count
        self.mean = mean
        self.variance = variance
    }

    /// A score, latency or cost per unit.
    package init(count: Int, sum: Double, sumOfSquares: Double) {
        let n = Double(count)
        let mean = sum / n
        self.init(
            count: count, mean: mean, variance: Self.rounded(sumOfSquares - sum * mean, of: sumOfSquares) / (n - 1))
    }

    /// A pass rate.
    package init(count: Int, successes: Double) {
        let rate = successes / Double(count)
        self.init(count: count, mean: rate, variance: rate * (1 - rate))
    }

    /// The sums of a ratio metric such as cost per token: numerator m, denominator d, and their products.
    package struct RatioSums: Sendable, Hashable {
        package let numerator: Double
        package let numeratorSquares: Double
        package let denominator: Double
        package let denominatorSquares: Double
        package let products: Double

        package init(
            numerator: Double, numeratorSquares: Double, denominator: Double, denominatorSquares: Double,
            products: Double
        ) {
            self.numerator = numerator
            self.numeratorSquares = numeratorSquares
            self.denominator = denominator
            self.denominatorSquares = denominatorSquares
            self.products = products
        }
    }

    /// A ratio of sums over units, with the variance of the delta method.
    package init(count: Int, ratio sums: RatioSums) {
        let n = Double(count)
        let (m, d) = (sums.numerator / n, sums.denominator / n)
        let ratio = m / d
        let numerator = (sums.numeratorSquares - sums.numerator * m) / (n - 1)
        let denominator = (sums.denominatorSquares - sums.denominator * d) / (n - 1)
        let covariance = (sums.products - sums.numerator * d) / (n - 1)
        let variance = (numerator - 2 * ratio * covariance + ratio * ratio * denominator) / (d * d)
        self.init(count: count, mean: ratio, variance: max(0, variance))
    }

    /// What is left of a difference of sums after rounding is no variance.
    private static func rounded(_ difference: Double, of sum: Double) -> Double {
        difference > 1e-14 * abs(sum) ? difference : 0
    }
}
