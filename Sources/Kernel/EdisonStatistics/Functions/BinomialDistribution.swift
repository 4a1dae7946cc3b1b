internal import Foundation

/// The number of successes in `trials` independent trials; NaN when the probability is outside [0, 1].
package struct BinomialDistribution: Sendable, Hashable {
    package let trials: Int
    package let probability: Double

    package init(trials: Int, probability: Double) {
        self.trials = trials
        self.probability = probability
    }

    private var n: Double { Double(trials) }
    private var isValid: Bool { trials >= 0 && probability >= 0 && probability <= 1 }

    package func logPMF(_ k: Int) -> Double {
        guard isValid else { return .nan }
        if k < 0 || k > trials { return -.infinity }
        if probability == 0 { return k == 0 ? 0 : -.infinity }
        if probability == 1 { return k == trials ? 0 : -.infinity }
        if k == 0 { return n * log1p(-probability) }
        if k == trials { return n * log(probability) }
        let successes = Double(k)
        let failures = n - successes
        let kernel = IncompleteBeta.logKernel(successes, failures, x: probability, y: 1 - probability)
        return kernel + log(n / successes / failures)
    }

    package func pmf(_ k: Int) -> Double { exp(logPMF(k)) }

    /// ln P(X ≤ k).
    package func logCDF(_ k: Int) -> Double {
        guard isValid else { return .nan }
        if k < 0 { return -.infinity }
        if k >= trials { return 0 }
        return IncompleteBeta.logLower(n - Double(k), Double(k) + 1, x: 1 - probability, y: probability)
    }

    /// ln P(X > k).
    package func logSF(_ k: Int) -> Double {
        guard isValid else { return .nan }
        if k < 0 { return 0 }
        if k >= trials { return -.infinity }
        return IncompleteBeta.logLower(Double(k) + 1, n - Double(k), x: probability, y: 1 - probability)
    }

    package func cdf(_ k: Int) -> Double { exp(logCDF(k)) }
    package func sf(_ k: Int) -> Double { exp(logSF(k)) }

    /// The smallest k with P(X ≤ k) ≥ p; nil for p outside [0, 1] or invalid parameters.
    package func ppf(_ p: Double) -> Int? {
        guard isValid, p >= 0, p <= 1 else { return nil }
        var lower = -1
        var upper = trials
        let reaches = { (k: Int) in p <= 0.5 ? cdf(k) >= p : sf(k) <= 1 - p }
        while upper - lower > 1 {
            let middle = lower + (upper - lower) / 2
            if reaches(middle) { upper = middle } else { lower = middle }
        }
        return upper
    }
}
