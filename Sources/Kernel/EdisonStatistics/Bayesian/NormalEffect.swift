internal import Foundation

/// The normal posterior of the effect of a treatment on a score, latency or cost (the model of GrowthBook).
///
/// Nothing is reported when it cannot be computed: a chance of 0.5 beside an interval of width 0 would be read as a
/// result.
package struct NormalEffect: Sendable {
    package enum Scale: String, Sendable, Hashable {
        /// The difference over the size of the control's mean.
        case relative
        case absolute
    }

    /// A normal prior of the effect, on its own scale.
    package struct Prior: Sendable, Hashable {
        package let mean: Double
        package let variance: Double
        package let scale: Scale

        package init(mean: Double = 0, variance: Double = 0.09, scale: Scale = .relative) {
            self.mean = mean
            self.variance = variance
            self.scale = scale
        }
    }

    package let status: StatisticStatus
    package let chanceToWin: Double?
    package let mean: Double?
    package let standardDeviation: Double?
    package let interval: ConfidenceInterval?
    /// What is lost on average by keeping the control although the treatment is better, and the reverse.
    package let risk: (control: Double, treatment: Double)?

    /// - Parameters:
    ///   - prior: nil is the improper flat prior.
    ///   - isInverse: less is better, as of latency and cost.
    package init(
        control: NormalArm, treatment: NormalArm, scale: Scale = .relative, prior: Prior? = nil,
        isInverse: Bool = false,
        alpha: Double = 0.05
    ) {
        let isPrior = prior.map { $0.mean.isFinite && $0.variance > 0 && $0.variance.isFinite } ?? true
        guard alpha > 0, alpha < 1, isPrior else {
            self.init(status: .invalidInput)
            return
        }
        let base = abs(control.mean)
        let needsBase = scale == .relative || prior.map { $0.scale != scale } ?? false
        guard control.count >= 2, treatment.count >= 2, control.variance > 0, treatment.variance > 0,
            !needsBase || base > 0
        else {
            self.init(status: .degenerate)
            return
        }
        let errors = (control.variance / Double(control.count), treatment.variance / Double(treatment.count))
        var effect = treatment.mean - control.mean
        var variance = errors.0 + errors.1
        if scale == .relative {
            effect /= base
            let ratio = treatment.mean / control.mean
            variance = (errors.1 + errors.0 * ratio * ratio) / (base * base)
        }
        if let prior {
            let factor = prior.scale == scale ? 1 : scale == .absolute ? base : 1 / base
            let precision = (1 / variance, 1 / (prior.variance * factor * factor))
            effect = (effect * precision.0 + prior.mean * factor * precision.1) / (precision.0 + precision.1)
            variance = 1 / (precision.0 + precision.1)
        }
        guard effect.isFinite, variance.isFinite, variance > 0 else {
            self.init(status: .invalidInput)
            return
        }
        self.init(effect: effect, deviation: variance.squareRoot(), isInverse: isInverse, alpha: alpha)
    }

    private init(status: StatisticStatus) {
        self.status = status
        (chanceToWin, mean, standardDeviation, interval, risk) = (nil, nil, nil, nil, nil)
    }

    private init(effect: Double, deviation: Double, isInverse: Bool, alpha: Double) {
        status = .ok
        mean = effect
        standardDeviation = deviation
        chanceToWin = NormalDistribution.cdf((isInverse ? -effect : effect) / deviation)
        interval = ConfidenceInterval(center: effect, margin: NormalDistribution.isf(alpha / 2) * deviation)
        let gains = (
            Self.positivePart(effect, deviation: deviation), Self.positivePart(-effect, deviation: deviation)
        )
        risk = isInverse ? (gains.1, gains.0) : gains
    }

    /// E[max(X, 0)] = μΦ(μ/σ) + σφ(μ/σ). For negative μ the two terms cancel, so the tail uses the series of the Mills
    /// ratio: σφ(z)·(1/z² − 3/z⁴ + 15/z⁶ − …), by its continued fraction.
    private static func positivePart(_ mean: Double, deviation: Double) -> Double {
        let z = -mean / deviation
        if z < 3 { return mean * NormalDistribution.cdf(-z) + deviation * NormalDistribution.pdf(z) }
        // Mills ratio R = 1/(z + 1/(z + 2/(z + 3/…))) = 1/(z + c), so φ − zΦ̄ = φ(1 − zR) = φ·c/(z + c).
        var tail = 0.0
        for term in stride(from: 160.0, through: 1, by: -1) { tail = term / (z + tail) }
        return deviation * NormalDistribution.pdf(z) * tail / (z + tail)
    }
}
