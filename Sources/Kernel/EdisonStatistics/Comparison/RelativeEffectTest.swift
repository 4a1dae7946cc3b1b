internal import Foundation

/// The frequentist test of a lift, relative or absolute, from each arm's sums.
package struct RelativeEffectTest: Sendable {
    package private(set) var status: StatisticStatus
    package private(set) var effect: Double?
    package private(set) var standardError: Double?
    package private(set) var df: Double?
    package private(set) var pValue: Double?
    package private(set) var interval: ConfidenceInterval?

    package init(
        control: ArmStatistics, treatment: ArmStatistics, kind: EffectEstimate.Kind = .relative, alpha: Double = 0.05
    ) {
        status = .invalidInput
        guard alpha.isLevel, control.isFinite, treatment.isFinite else { return }
        status = .degenerate
        guard let estimate = EffectEstimate(control: control, treatment: treatment, kind: kind),
            estimate.variance > 0
        else { return }
        status = .ok
        let error = estimate.variance.squareRoot()
        let distribution = StudentT(df: estimate.df)
        effect = estimate.effect
        standardError = error
        df = estimate.df
        pValue = distribution.twoSided(estimate.effect / error)
        interval = ConfidenceInterval(center: estimate.effect, margin: distribution.isf(alpha / 2) * error)
    }
}
