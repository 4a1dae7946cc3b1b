internal import Foundation

/// Draws whose values are fixed by the generator's words alone, unlike the standard library's, whose algorithm may
/// change between versions.
extension RandomNumberGenerator {
    /// A uniform double in [0, 1): the top 53 bits times 2⁻⁵³.
    package mutating func unitDouble() -> Double { Double(next() >> 11) * 0x1p-53 }

    /// A uniform integer in 0..<bound without bias (Lemire 2019); `bound` must be positive.
    package mutating func uniformIndex(below bound: Int) -> Int {
        let range = UInt64(bound)
        var product = next().multipliedFullWidth(by: range)
        if product.low < range {
            let threshold = (0 &- range) % range
            while product.low < threshold { product = next().multipliedFullWidth(by: range) }
        }
        return Int(product.high)
    }

    /// A standard normal draw by the inverse of the distribution function: one word in, one value out, so streams
    /// stay aligned whatever is drawn.
    package mutating func standardNormal() -> Double {
        NormalDistribution.ppf((Double(next() >> 11) + 0.5) * 0x1p-53)
    }

    /// An exponential draw with mean 1.
    package mutating func standardExponential() -> Double { -log1p(-unitDouble()) }
}
