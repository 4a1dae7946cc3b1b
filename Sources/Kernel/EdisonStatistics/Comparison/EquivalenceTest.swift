/// Is the cheaper version as good? Two one-sided tests for equivalence within ± margin (Schuirmann 1987), and
/// non-inferiority, on Welch's difference of means b − a.
package struct EquivalenceTest: Sendable {
    package private(set) var status: StatisticStatus
    package private(set) var difference: Double?
    /// Against a difference of −margin or less.
    package private(set) var lowerPValue: Double?
    /// Against a difference of +margin or more.
    package private(set) var upperPValue: Double?
    /// At confidence 1 − 2 alpha: within ± margin exactly when equivalent.
    package private(set) var interval: ConfidenceInterval?
    package private(set) var isEquivalent: Bool?
    package private(set) var isNoninferior: Bool?

    package init(_ a: [Double], _ b: [Double], margin: Double, alpha: Double = 0.05) {
        status = .invalidInput
        guard margin > 0, margin.isFinite, a.allSatisfy(\.isFinite), b.allSatisfy(\.isFinite) else { return }
        let welch = WelchTTest(a, b, alpha: alpha)
        status = welch.status
        difference = welch.difference
        guard let difference = welch.difference, let error = welch.standardError, let df = welch.df else { return }
        let distribution = StudentT(df: df)
        let lower = distribution.sf((difference + margin) / error)
        let upper = distribution.cdf((difference - margin) / error)
        lowerPValue = lower
        upperPValue = upper
        interval = ConfidenceInterval(center: difference, margin: distribution.isf(alpha) * error)
        isEquivalent = max(lower, upper) < alpha
        isNoninferior = lower < alpha
    }

    package var equivalencePValue: Double? {
        guard let lowerPValue, let upperPValue else { return nil }
        return max(lowerPValue, upperPValue)
    }

    package var noninferiorityPValue: Double? { lowerPValue }
}
