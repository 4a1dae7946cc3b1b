internal import Foundation

/// A planned test whose power, sample size or smallest detectable effect is asked for before it is run.
package enum PlannedTest: Sendable, Hashable {
    /// Two independent samples; the effect is Cohen's d, n counts the control arm, ratio = treatment/control.
    case independentT(ratio: Double)
    /// Pairs; the effect is dz, n counts pairs.
    case pairedT
    /// Two equal arms; the effect is Cohen's h, n counts one arm.
    case proportionsByH
    /// Two equal arms with these rates, variance pooled under no effect and separate under the effect.
    case proportions(from: Double, to: Double)
}

/// Power, sample size and detectable effect of the planned tests.
///
/// The t tests use the noncentral t distribution and count both tails when two-sided.
package struct PowerAnalysis: Sendable {
    package let test: PlannedTest
    package let alpha: Double
    package let isTwoSided: Bool

    package init(_ test: PlannedTest, alpha: Double = 0.05, isTwoSided: Bool = true) {
        self.test = test
        self.alpha = alpha
        self.isTwoSided = isTwoSided
    }

    /// A value, or why there is none.
    package struct Answer: Sendable, Hashable {
        package let status: StatisticStatus
        package let value: Double?

        init(_ status: StatisticStatus, _ value: Double? = nil) {
            self.status = status
            self.value = value
        }

        /// The value as a number of observations.
        package var roundedUp: Int? {
            value.flatMap { $0 < 9e15 ? Int(($0 - 1e-9).rounded(.up)) : nil }
        }
    }

    /// The probability of finding the effect with n observations (of the control arm, or pairs).
    package func power(effect: Double, n: Double) -> Answer {
        guard isValid, effect.isFinite, n >= 2, n.isFinite else { return Answer(.invalidInput) }
        return Answer(.ok, computed(effect: effect, n: n))
    }

    /// The real-valued number of observations with which the effect is found with the given power.
    package func sampleSize(effect: Double, power: Double) -> Answer {
        guard isValid, effect.isFinite, power.isLevel else { return Answer(.invalidInput) }
        if case .proportions(let first, let second) = test {
            return closedForm(first, second, power: power)
        }
        guard effect != 0, power > alpha, isTwoSided || effect > 0 || test == .proportionsByH else {
            return Answer(.noSolution)
        }
        let effect = isTwoSided ? effect : abs(effect)
        let target = power
        let lowest = log(smallestCount)
        let reach = { (logN: Double) in computed(effect: effect, n: exp(logN)) - target }
        guard reach(lowest) < 0, reach(log(1e13)) > 0 else { return Answer(.noSolution) }
        return Answer(.ok, exp(MonotoneRoot.increasing(from: log(50), in: lowest...log(1e13)) { (reach($0), .nan) }))
    }

    /// The smallest positive effect that n observations find with the given power.
    package func detectableEffect(n: Double, power: Double) -> Answer {
        guard isValid, n >= 2, n.isFinite, power.isLevel else { return Answer(.invalidInput) }
        guard power > alpha else { return Answer(.noSolution) }
        if case .proportions(let first, _) = test {
            let reach = { (rate: Double) in
                PowerAnalysis(.proportions(from: first, to: rate), alpha: alpha, isTwoSided: isTwoSided)
                    .computed(effect: 0, n: n) - power
            }
            guard reach(1) > 0 else { return Answer(.noSolution) }
            let rate = MonotoneRoot.increasing(from: first, in: first...1) { (reach($0), .nan) }
            return Answer(.ok, rate - first)
        }
        let reach = { (logEffect: Double) in computed(effect: exp(logEffect), n: n) - power }
        let largest = test == .proportionsByH ? log(Double.pi) : log(1e4)
        guard reach(largest) > 0 else { return Answer(.noSolution) }
        return Answer(.ok, exp(MonotoneRoot.increasing(from: -1, in: -30...largest) { (reach($0), .nan) }))
    }

    /// The number of independent observations that n clustered ones are worth: n / (1 + (m − 1) icc).
    package static func effectiveCount(_ n: Double, clusterSize: Double, intraclassCorrelation: Double) -> Double {
        n / (1 + (clusterSize - 1) * intraclassCorrelation)
    }

    private var isValid: Bool {
        switch test {
        case .independentT(let ratio): alpha.isLevel && ratio > 0 && ratio.isFinite
        case .pairedT, .proportionsByH: alpha.isLevel
        case .proportions(let first, let second):
            alpha.isLevel && first >= 0 && first <= 1 && second >= 0 && second <= 1
        }
    }

    private var tail: Double { isTwoSided ? alpha / 2 : alpha }

    /// Just above the point where no degrees of freedom are left.
    private var smallestCount: Double {
        switch test {
        case .independentT(let ratio): 2.05 / (1 + ratio)
        case .pairedT: 1.05
        case .proportionsByH, .proportions: 1e-9
        }
    }

    private func computed(effect: Double, n: Double) -> Double {
        switch test {
        case .independentT(let ratio):
            return tPower(df: n * (1 + ratio) - 2, noncentrality: effect * (n * ratio / (1 + ratio)).squareRoot())
        case .pairedT:
            return tPower(df: n - 1, noncentrality: effect * n.squareRoot())
        case .proportionsByH:
            let critical = NormalDistribution.isf(tail)
            let shift = (isTwoSided ? effect : abs(effect)) * (n / 2).squareRoot()
            let upper = NormalDistribution.sf(critical - shift)
            return isTwoSided ? upper + NormalDistribution.sf(critical + shift) : upper
        case .proportions(let first, let second):
            let mean = (first + second) / 2
            let spread = (first * (1 - first) + second * (1 - second)).squareRoot()
            let excess =
                abs(second - first) * n.squareRoot()
                - NormalDistribution.isf(tail) * (2 * mean * (1 - mean)).squareRoot()
            return spread > 0 ? NormalDistribution.cdf(excess / spread) : excess > 0 ? 1 : 0
        }
    }

    private func tPower(df: Double, noncentrality: Double) -> Double {
        let critical = StudentT(df: df).isf(tail)
        let distribution = NoncentralT(df: df, noncentrality: noncentrality)
        return isTwoSided ? distribution.sf(critical) + distribution.cdf(-critical) : distribution.sf(critical)
    }

    /// n = (z √(2 p̄ q̄) + z_power √(p₁q₁ + p₂q₂))² / (p₂ − p₁)².
    private func closedForm(_ first: Double, _ second: Double, power: Double) -> Answer {
        guard first != second, power > alpha else { return Answer(.noSolution) }
        let mean = (first + second) / 2
        let root =
            NormalDistribution.isf(tail) * (2 * mean * (1 - mean)).squareRoot()
            + NormalDistribution.ppf(power) * (first * (1 - first) + second * (1 - second)).squareRoot()
        let quotient = root / (second - first)
        return Answer(.ok, quotient * quotient)
    }
}
