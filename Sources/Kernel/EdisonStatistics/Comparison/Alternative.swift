/// Which departures from equality a test looks for. Effects are treatment minus control, b − a.
package enum Alternative: String, Sendable, Hashable, CaseIterable {
    case twoSided = "two-sided"
    /// b above a.
    case greater
    /// b below a.
    case less
}

extension Alternative {
    /// The p-value of a statistic with a symmetric distribution of which `sf` is the survival function.
    func pValue(of statistic: Double, sf: (Double) -> Double) -> Double {
        switch self {
        case .twoSided: min(1, 2 * sf(abs(statistic)))
        case .greater: sf(statistic)
        case .less: sf(-statistic)
        }
    }

    /// The interval that agrees with the test; its end away from the alternative is infinite.
    func interval(center: Double, error: Double, alpha: Double, isf: (Double) -> Double) -> ConfidenceInterval {
        switch self {
        case .twoSided: ConfidenceInterval(center: center, margin: isf(alpha / 2) * error)
        case .greater: ConfidenceInterval(lower: center - isf(alpha) * error, upper: .infinity)
        case .less: ConfidenceInterval(lower: -.infinity, upper: center + isf(alpha) * error)
        }
    }

    /// The p-value of a discrete statistic from its two tails, both including the observed value.
    func pValue(atLeast: Double, atMost: Double) -> Double {
        switch self {
        case .twoSided: min(1, 2 * min(atLeast, atMost))
        case .greater: min(1, atLeast)
        case .less: min(1, atMost)
        }
    }
}
