/// The mean of a judged quantity, corrected by the few units that people labelled: PPI++ (Angelopoulos, Duchi and
/// Zrnic, "PPI++: Efficient Prediction-Powered Inference", 2023) for small samples, clusters and unequal inclusion.
///
/// A unit is a cluster of cases with its size, the means of its labels Y and of the judges' scores F, and the
/// probability π with which it was picked for labelling. Labelled units are weighted back to all by 1/π, the others by
/// 1/(1 − π), both times the size: shares pᵢ that sum to 1 on each side (Hájek's ratio estimate).
///
///     estimate = λ Σ pᵤ Fᵤ + Σ pₗ (Yₗ − λ Fₗ)
///     variance = λ² S(F over the unlabelled) + S(Y − λF over the labelled),   S(x) = n/(n − 1) Σ pᵢ² (xᵢ − x̄)²
///     λ = cov(Y, F) / ((1 + Σpᵤ²/Σpₗ²) var F), clipped to 0…1
///
/// cov has the shares of the labelled and n − 1, var F is taken over all units. With equal π and single cases this is
/// PPI++ with n − 1 variances. The interval takes Student's t with n − 1 degrees of freedom, n labelled units. The
/// standard deviation of the residuals counts as 0.05 at least: a few labels that happen to agree prove no certainty.
/// Judges that say nothing get λ = 0, and what is left is the labels alone.
package struct LabelCorrectedMean: Sendable {
    /// One labelled unit, or one that is not: then its label is nil.
    package struct Unit: Sendable, Hashable {
        package let label: Double?
        package let judged: Double
        package let size: Int
        package let probability: Double

        package init(label: Double?, judged: Double, size: Int = 1, probability: Double) {
            self.label = label
            self.judged = judged
            self.size = size
            self.probability = probability
        }
    }

    /// Fewer labelled units correct nothing.
    package static let leastLabelled = 10
    package static let leastResidual = 0.05

    package let status: StatisticStatus
    package let value: Double?
    package let interval: ConfidenceInterval?
    /// How far the judges count, 0 to 1.
    package let lambda: Double?
    package let labelled: Int

    package init(_ units: [Unit], alpha: Double = 0.05) {
        let isValid =
            alpha > 0 && alpha < 1
            && units.allSatisfy { unit in
                unit.judged.isFinite && unit.label?.isFinite != false && unit.size > 0
                    && (unit.label == nil
                        ? (0..<1).contains(unit.probability) : unit.probability > 0 && unit.probability <= 1)
            }
        let known = units.filter { $0.label != nil }
        labelled = known.count
        guard isValid, known.count >= 2 else {
            status = isValid ? .insufficientData : .invalidInput
            (value, interval, lambda) = (nil, nil, nil)
            return
        }
        let others = units.filter { $0.label == nil }
        let near = Shares(known.map { Double($0.size) / $0.probability })
        let far = Shares(others.map { Double($0.size) / (1 - $0.probability) })
        let labels = known.compactMap(\.label)
        let judged = known.map(\.judged)
        let rest = others.map(\.judged)
        let lambda = Self.lambda(labels, judged, rest, near, far)
        let residuals = zip(labels, judged).map { $0 - lambda * $1 }
        let floor = Self.leastResidual * Self.leastResidual * near.squares
        var value = near.mean(residuals)
        var variance = max(near.variance(residuals), floor)
        if lambda > 0 {
            value += lambda * far.mean(rest)
            variance += lambda * lambda * far.variance(rest)
        }
        status = .ok
        self.value = value
        self.lambda = lambda
        interval = ConfidenceInterval(
            center: value, margin: StudentT(df: Double(known.count - 1)).isf(alpha / 2) * variance.squareRoot())
    }

    private static func lambda(
        _ labels: [Double], _ judged: [Double], _ rest: [Double], _ near: Shares, _ far: Shares
    ) -> Double {
        guard rest.count >= 2, let variance = Moments(judged + rest).variance, variance > 1e-18 else { return 0 }
        return min(1, max(0, near.covariance(labels, judged) / ((1 + far.squares / near.squares) * variance)))
    }
}

/// How much each of some units counts; the shares sum to 1.
private struct Shares {
    let shares: [Double]
    let squares: Double

    init(_ weights: [Double]) {
        let total = weights.reduce(0, +)
        shares = weights.map { $0 / total }
        squares = shares.reduce(0) { $0 + $1 * $1 }
    }

    private var correction: Double { Double(shares.count) / Double(shares.count - 1) }

    func mean(_ values: [Double]) -> Double { zip(shares, values).reduce(0) { $0 + $1.0 * $1.1 } }

    /// Of the mean.
    func variance(_ values: [Double]) -> Double {
        let mean = mean(values)
        return correction
            * zip(shares, values).reduce(0) { sum, entry in
                let part = entry.0 * (entry.1 - mean)
                return sum + part * part
            }
    }

    func covariance(_ values: [Double], _ others: [Double]) -> Double {
        let (mean, otherMean) = (mean(values), mean(others))
        return correction
            * shares.indices.reduce(0) { sum, place in
                sum + shares[place] * (values[place] - mean) * (others[place] - otherMean)
            }
    }
}
