internal import Foundation

/// The peeking-safe check that units arrive in the configured ratio: the Dirichlet-multinomial Bayes factor of Lindon
/// and Malek, "Anytime-valid inference for multinomial count data" (2022).
package struct SequentialRatioCheck: Sendable {
    package let status: StatisticStatus
    /// ln of the Bayes factor against the configured weights, per look.
    package let logBayesFactors: [Double]
    /// The least p-value so far, per look.
    package let runningP: [Double]
    /// From 0.
    package let firstMismatch: Int?

    /// - Parameters:
    ///   - looks: the cumulative counts per arm.
    ///   - concentration: how firmly the alternative sits around the configured weights.
    package init(weights: [Double], looks: [[Int]], concentration: Double = 100, threshold: Double = 0.001) {
        let status = Self.status(weights, looks, concentration, threshold)
        self.status = status
        guard status == .ok else {
            (logBayesFactors, runningP, firstMismatch) = ([], [], nil)
            return
        }
        let arms = weights.indices.filter { weights[$0] > 0 }
        let total = weights.reduce(0, +)
        let shares = arms.map { weights[$0] / total }
        let prior = shares.map { concentration * $0 }
        let base = Self.logBeta(prior)
        let factors = looks.map { look in
            let counts = arms.map { Double(look[$0]) }
            let null = zip(counts, shares).reduce(0) { $0 + $1.0 * log($1.1) }
            return Self.logBeta(zip(prior, counts).map(+)) - base - null
        }
        var least = 1.0
        let running = factors.map { factor in
            least = min(least, exp(-factor))
            return least
        }
        logBayesFactors = factors
        runningP = running
        firstMismatch = running.firstIndex { $0 < threshold }
    }

    private static func status(_ weights: [Double], _ looks: [[Int]], _ k: Double, _ threshold: Double)
        -> StatisticStatus
    {
        let total = weights.reduce(0, +)
        let isValid =
            weights.allSatisfy { $0 >= 0 && $0.isFinite } && total > 0 && total.isFinite && k > 0 && k.isFinite
            && threshold > 0 && threshold < 1
            && looks.allSatisfy { $0.count == weights.count && $0.allSatisfy { $0 >= 0 } }
            && zip(looks, looks.dropFirst()).allSatisfy { earlier, later in zip(earlier, later).allSatisfy { $0 <= $1 }
            }
        if !isValid { return .invalidInput }
        let isUnexpected = looks.contains { look in zip(weights, look).contains { $0 == 0 && $1 > 0 } }
        return isUnexpected ? .unexpectedAssignment : .ok
    }

    private static func logBeta(_ parameters: [Double]) -> Double {
        parameters.reduce(0) { $0 + GammaFunctions.logGamma($1) } - GammaFunctions.logGamma(parameters.reduce(0, +))
    }
}
