/// The mean of human labels, sharpened by a judge's scores of many unlabelled items (PPI++: Angelopoulos, Duchi and
/// Zrnic, "Efficient prediction-powered inference", 2023).
///
/// The judge's bias is measured on the labelled items and taken out; a judge that says nothing gets λ = 0 and does no
/// harm. The interval is a normal approximation: warn below 30 labels.
package struct PredictionPoweredMean: Sendable {
    package struct Estimate: Sendable, Hashable {
        package let value: Double
        package let interval: ConfidenceInterval
    }

    package let status: StatisticStatus
    /// How far the judge is trusted, clipped to [0, 1].
    package let lambda: Double?
    /// The estimate at that λ.
    package let tuned: Estimate?
    /// The estimate at λ = 1; nil without unlabelled items.
    package let plain: Estimate?
    /// The labels alone.
    package let classical: Estimate?

    package var hasFewLabels: Bool { labelCount < 30 }
    private let labelCount: Int

    /// - Parameters:
    ///   - labels: what people said of the labelled items.
    ///   - judged: the judge's scores of the same items.
    ///   - unlabelled: the judge's scores of the others.
    ///   - alpha: one minus the coverage of the intervals.
    package init(labels: [Double], judged: [Double], unlabelled: [Double], alpha: Double = 0.05) {
        labelCount = labels.count
        let isValid =
            labels.count == judged.count && alpha > 0 && alpha < 1
            && (labels + judged + unlabelled).allSatisfy(\.isFinite)
        guard isValid, labels.count >= 2 else {
            status = isValid ? .insufficientData : .invalidInput
            (lambda, tuned, plain, classical) = (nil, nil, nil, nil)
            return
        }
        let z = NormalDistribution.isf(alpha / 2)
        func estimate(_ lambda: Double) -> Estimate {
            let residuals = Moments(zip(labels, judged).map { $0 - lambda * $1 })
            var value = residuals.mean ?? 0
            var variance = residuals.populationVariance / Double(labels.count)
            if lambda != 0, !unlabelled.isEmpty {
                let scores = Moments(unlabelled.map { lambda * $0 })
                value += scores.mean ?? 0
                variance += scores.populationVariance / Double(unlabelled.count)
            }
            return Estimate(
                value: value, interval: ConfidenceInterval(center: value, margin: z * variance.squareRoot()))
        }
        let lambda = unlabelled.isEmpty ? 0 : Self.lambda(labels, judged, unlabelled)
        status = .ok
        self.lambda = lambda
        tuned = estimate(lambda)
        plain = unlabelled.isEmpty ? nil : estimate(1)
        classical = estimate(0)
    }

    private static func lambda(_ labels: [Double], _ judged: [Double], _ unlabelled: [Double]) -> Double {
        let all = judged + unlabelled
        guard let variance = Moments(all).variance, variance > 0 else { return 0 }
        let means = (Moments(labels).mean ?? 0, Moments(judged).mean ?? 0)
        let covariance =
            zip(labels, judged).reduce(0) { $0 + ($1.0 - means.0) * ($1.1 - means.1) } / Double(labels.count)
        let ratio = 1 + Double(labels.count) / Double(unlabelled.count)
        return min(1, max(0, covariance / (ratio * variance)))
    }
}

extension Moments {
    /// With the divisor n.
    fileprivate var populationVariance: Double { variance.map { $0 * Double(count - 1) / Double(count) } ?? 0 }
}
