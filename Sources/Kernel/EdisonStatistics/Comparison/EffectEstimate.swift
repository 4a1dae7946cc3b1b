internal import Foundation

/// The effect of a treatment on a metric with its sampling variance: absolute, or relative to the control by the
/// delta method, d = (mb − ma)/|ma|, v = vb/(nb ma²) + va mb²/(na ma⁴).
package struct EffectEstimate: Sendable, Hashable {
    package enum Kind: String, Sendable, Hashable, CaseIterable {
        case absolute
        case relative
    }

    package let effect: Double
    /// The variance of the effect's estimate.
    package let variance: Double
    /// Welch and Satterthwaite's degrees of freedom of the arms' variances.
    package let df: Double

    /// nil when an arm has fewer than two units or no variance, or a relative effect has a baseline of 0.
    package init?(control: ArmStatistics, treatment: ArmStatistics, kind: Kind) {
        guard control.isFinite, treatment.isFinite, let ma = control.mean, let mb = treatment.mean,
            let va = control.variance, let vb = treatment.variance, va > 0, vb > 0,
            let spread = MeanDifferenceSpread(
                SampleSummary(count: control.count, mean: ma, variance: va),
                SampleSummary(count: treatment.count, mean: mb, variance: vb))
        else { return nil }
        df = spread.df
        switch kind {
        case .absolute:
            effect = mb - ma
            variance = spread.error * spread.error
        case .relative:
            guard ma != 0 else { return nil }
            let ratio = mb / ma
            effect = (mb - ma) / abs(ma)
            variance = (vb / Double(treatment.count) + ratio * ratio * va / Double(control.count)) / (ma * ma)
        }
    }
}
