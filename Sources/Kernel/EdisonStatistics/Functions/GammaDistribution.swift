internal import Foundation

/// The gamma distribution with a positive shape and scale (mean = shape × scale); NaN for other parameters.
package struct GammaDistribution: Sendable, Hashable {
    package let shape: Double
    package let scale: Double

    package init(shape: Double, scale: Double = 1) {
        self.shape = shape
        self.scale = scale
    }

    private var isValid: Bool { shape > 0 && scale > 0 && shape.isFinite && scale.isFinite }

    package func logPDF(_ x: Double) -> Double {
        guard isValid, !x.isNaN else { return .nan }
        if x < 0 { return -.infinity }
        if x == 0 { return shape < 1 ? .infinity : shape > 1 ? -.infinity : -log(scale) }
        return IncompleteGamma.logKernel(shape, x / scale) - log(x)
    }

    package func pdf(_ x: Double) -> Double { exp(logPDF(x)) }
    package func logCDF(_ x: Double) -> Double { isValid ? IncompleteGamma.logP(shape, max(x, 0) / scale) : .nan }
    package func logSF(_ x: Double) -> Double { isValid ? IncompleteGamma.logQ(shape, max(x, 0) / scale) : .nan }
    package func cdf(_ x: Double) -> Double { x.isNaN ? .nan : exp(logCDF(x)) }
    package func sf(_ x: Double) -> Double { x.isNaN ? .nan : exp(logSF(x)) }

    package func ppf(_ p: Double) -> Double { quantile(lower: p, upper: 1 - p) }
    package func isf(_ p: Double) -> Double { quantile(lower: 1 - p, upper: p) }

    /// Newton on ln x, where either tail's logarithm is concave.
    private func quantile(lower: Double, upper: Double) -> Double {
        guard isValid, lower >= 0, upper >= 0 else { return .nan }
        if lower == 0 { return 0 }
        if upper == 0 { return .infinity }
        let isLower = lower <= upper
        let target = log(isLower ? lower : upper)
        let normal = isLower ? NormalDistribution.ppf(lower) : NormalDistribution.isf(upper)
        let guess = log(shape) + min(max(normal / shape.squareRoot(), -300), 300)
        let root = MonotoneRoot.increasing(from: guess, in: -1e5...700) { logX in
            let x = exp(logX)
            guard x > 0 else { return (-.infinity, .nan) }
            let tail = isLower ? IncompleteGamma.logP(shape, x) : IncompleteGamma.logQ(shape, x)
            guard tail > -.infinity else { return (isLower ? -.infinity : .infinity, .nan) }
            let slope = exp(IncompleteGamma.logKernel(shape, x) - tail)
            return isLower ? (tail - target, slope) : (target - tail, slope)
        }
        return exp(root) * scale
    }
}
