/// A continuous distribution with both tails and their logarithms.
///
/// `sf` is the survival function P(X > x), always computed as such: 1 − cdf has no digits left in the tail where
/// p-values live. `isf` is its inverse, for levels too small to be written as 1 − level.
package protocol Distribution: Sendable {
    func pdf(_ x: Double) -> Double
    func cdf(_ x: Double) -> Double
    func sf(_ x: Double) -> Double
    func logCDF(_ x: Double) -> Double
    func logSF(_ x: Double) -> Double
    func ppf(_ p: Double) -> Double
    func isf(_ p: Double) -> Double
}

extension StudentT: Distribution {}
extension BetaDistribution: Distribution {}
extension GammaDistribution: Distribution {}
extension ChiSquared: Distribution {}
extension FDistribution: Distribution {}
