internal import Foundation

/// The effect size of two proportions, 2 asin √b − 2 asin √a (Cohen 1988).
package enum CohensH {
    /// nil when a proportion is outside [0, 1].
    package static func effect(from a: Double, to b: Double) -> Double? {
        guard a >= 0, a <= 1, b >= 0, b <= 1 else { return nil }
        return 2 * asin(b.squareRoot()) - 2 * asin(a.squareRoot())
    }
}
