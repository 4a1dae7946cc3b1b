internal import Foundation

/// Pearson's product-moment correlation and the sums it is made of.
package enum Correlation {
    /// nil for fewer than two pairs, unequal lengths, or a constant side.
    package static func pearson(_ x: [Double], _ y: [Double]) -> Double? {
        guard let sums = CrossProducts(x, y), sums.xx > 0, sums.yy > 0 else { return nil }
        let r = sums.xy / (sums.xx.squareRoot() * sums.yy.squareRoot())
        return min(1, max(-1, r))
    }
}

/// Centred sums of squares and products, in two passes.
struct CrossProducts {
    var xx = 0.0
    var yy = 0.0
    var xy = 0.0
    let meanX: Double
    let meanY: Double

    init?(_ x: [Double], _ y: [Double]) {
        let (momentsX, momentsY) = (Moments(x), Moments(y))
        guard x.count == y.count, x.count > 1, let meanX = momentsX.mean, let meanY = momentsY.mean else { return nil }
        self.meanX = meanX
        self.meanY = meanY
        let isConstantX = momentsX.minimum == momentsX.maximum
        let isConstantY = momentsY.minimum == momentsY.maximum
        for (x, y) in zip(x, y) {
            let dx = isConstantX ? 0 : x - meanX
            let dy = isConstantY ? 0 : y - meanY
            xx += dx * dx
            yy += dy * dy
            xy += dx * dy
        }
    }
}
