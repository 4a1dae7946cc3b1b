/// The χ² distribution: gamma with shape df/2 and scale 2.
package struct ChiSquared: Sendable, Hashable {
    package let df: Double
    private let gamma: GammaDistribution

    package init(df: Double) {
        self.df = df
        gamma = GammaDistribution(shape: 0.5 * df, scale: 2)
    }

    package func pdf(_ x: Double) -> Double { gamma.pdf(x) }
    package func cdf(_ x: Double) -> Double { gamma.cdf(x) }
    package func sf(_ x: Double) -> Double { gamma.sf(x) }
    package func logCDF(_ x: Double) -> Double { gamma.logCDF(x) }
    package func logSF(_ x: Double) -> Double { gamma.logSF(x) }
    package func ppf(_ p: Double) -> Double { gamma.ppf(p) }
    package func isf(_ p: Double) -> Double { gamma.isf(p) }
}
