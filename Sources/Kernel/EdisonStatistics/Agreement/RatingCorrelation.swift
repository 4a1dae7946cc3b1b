internal import Foundation

/// How the scores of a judge go with those of a person, by three coefficients with two-sided p-values.
package struct RatingCorrelation: Sendable {
    package let status: StatisticStatus
    package let count: Int
    package let pearson: Double?
    package let pearsonP: Double?
    /// Fisher's z interval at 95 %; nil for three points.
    package let pearsonInterval: ConfidenceInterval?
    package let spearman: Double?
    package let spearmanP: Double?
    /// Kendall's τ-b; its p-value is the normal approximation with ties.
    package let kendall: Double?
    package let kendallP: Double?

    package init(_ x: [Double], _ y: [Double]) {
        let status: StatisticStatus
        if x.count != y.count || !(x + y).allSatisfy(\.isFinite) {
            status = .invalidInput
        } else if x.count < 3 {
            status = .insufficientData
        } else if x.allSatisfy({ $0 == x[0] }) || y.allSatisfy({ $0 == y[0] }) {
            status = .noVariation
        } else {
            status = .ok
        }
        self.status = status
        count = x.count
        guard status == .ok else {
            (pearson, pearsonP, pearsonInterval) = (nil, nil, nil)
            (spearman, spearmanP, kendall, kendallP) = (nil, nil, nil, nil)
            return
        }
        let r = Self.coefficient(x, y)
        pearson = r
        pearsonP = Self.p(of: r, df: Double(x.count - 2))
        pearsonInterval = Self.fisherInterval(r, count: x.count)
        let ranks = (Ranks(x), Ranks(y))
        let rho = Self.coefficient(ranks.0.values, ranks.1.values)
        spearman = rho
        spearmanP = Self.p(of: rho, df: Double(x.count - 2))
        (kendall, kendallP) = Self.kendall(x, y, ranks.0.groups.map(Double.init), ranks.1.groups.map(Double.init))
    }

    /// Pearson's r of two lists with variation; what rounding leaves short of a straight line counts as one.
    private static func coefficient(_ x: [Double], _ y: [Double]) -> Double {
        let r = Correlation.pearson(x, y) ?? 0
        return abs(r) > 1 - 4e-16 ? r.signum : r
    }

    /// The two-sided p-value of a correlation of 0 by Student's t.
    package static func p(of r: Double, df: Double) -> Double {
        if abs(r) >= 1 { return 0 }
        return StudentT(df: df).twoSided(r * (df / ((1 - r) * (1 + r))).squareRoot())
    }

    private static func fisherInterval(_ r: Double, count: Int) -> ConfidenceInterval? {
        if count <= 3 { return nil }
        if abs(r) >= 1 { return ConfidenceInterval(lower: r, upper: r) }
        let margin = NormalDistribution.isf(0.025) / Double(count - 3).squareRoot()
        return ConfidenceInterval(lower: tanh(atanh(r) - margin), upper: tanh(atanh(r) + margin))
    }

    private static func kendall(_ x: [Double], _ y: [Double], _ xTies: [Double], _ yTies: [Double]) -> (Double, Double)
    {
        var balance = 0.0
        for first in x.indices {
            for second in x.indices where second > first {
                let sign = (x[second] - x[first]).signum * (y[second] - y[first]).signum
                balance += sign
            }
        }
        let n = Double(x.count)
        let pairs = n * (n - 1) / 2
        func pairCount(_ ties: [Double]) -> Double { ties.reduce(0) { $0 + $1 * ($1 - 1) / 2 } }
        func triples(_ ties: [Double]) -> Double { ties.reduce(0) { $0 + $1 * ($1 - 1) * ($1 - 2) } }
        func excess(_ ties: [Double]) -> Double { ties.reduce(0) { $0 + $1 * ($1 - 1) * (2 * $1 + 5) } }
        let tied = (pairCount(xTies), pairCount(yTies))
        let tau = balance / (pairs - tied.0).squareRoot() / (pairs - tied.1).squareRoot()
        let m = n * (n - 1)
        let variance =
            (m * (2 * n + 5) - excess(xTies) - excess(yTies)) / 18 + 2 * tied.0 * tied.1 / m
            + triples(xTies) * triples(yTies) / (9 * m * (n - 2))
        return (min(1, max(-1, tau)), min(1, 2 * NormalDistribution.sf(abs(balance) / variance.squareRoot())))
    }
}

extension Double {
    /// −1, 0 or 1.
    var signum: Double { self > 0 ? 1 : self < 0 ? -1 : 0 }
}
