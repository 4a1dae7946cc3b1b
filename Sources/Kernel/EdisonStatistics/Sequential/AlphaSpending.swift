internal import Foundation

/// How the two-sided error is spent over the information fractions (Lan and DeMets 1983).
package enum AlphaSpending: String, Sendable, Hashable, CaseIterable {
    /// Little early, nearly all of it at the end.
    case obrienFleming = "obrien_fleming"
    /// Evenly.
    case pocock

    /// The error spent up to a fraction in (0, 1].
    package func spent(at fraction: Double, alpha: Double) -> Double {
        switch self {
        case .obrienFleming: 4 * NormalDistribution.sf(NormalDistribution.isf(alpha / 4) / fraction.squareRoot())
        case .pocock: alpha * log1p((M_E - 1) * fraction)
        }
    }
}
