/// One arm of an online experiment as sums that a database can give.
///
/// A ratio metric (cost per success, tokens per request) divides two per-unit totals; its variance comes from the
/// delta method.
package enum ArmStatistics: Sendable, Hashable {
    case mean(count: Int, sum: Double, sumOfSquares: Double)
    case proportion(count: Int, successes: Double)
    case ratio(
        count: Int, numerator: Double, numeratorSquares: Double, denominator: Double, denominatorSquares: Double,
        products: Double)

    package var count: Int {
        switch self {
        case .mean(let count, _, _), .proportion(let count, _), .ratio(let count, _, _, _, _, _): count
        }
    }

    package var isFinite: Bool {
        switch self {
        case .mean(let count, let sum, let squares): count >= 0 && sum.isFinite && squares.isFinite
        case .proportion(let count, let successes): successes >= 0 && successes <= Double(count)
        case .ratio(let count, let m, let mm, let d, let dd, let md):
            count >= 0 && [m, mm, d, dd, md].allSatisfy(\.isFinite)
        }
    }

    /// nil without units, or for a ratio with a denominator of 0.
    package var mean: Double? {
        guard count > 0 else { return nil }
        switch self {
        case .mean(let count, let sum, _): return sum / Double(count)
        case .proportion(let count, let successes): return successes / Double(count)
        case .ratio(_, let numerator, _, let denominator, _, _):
            return denominator == 0 ? nil : numerator / denominator
        }
    }

    /// Per unit: divisor n − 1 for means and ratios, p (1 − p) for proportions; nil below two units.
    package var variance: Double? {
        guard count > 1, let mean else { return nil }
        let n = Double(count)
        func covariance(_ products: Double, _ first: Double, _ second: Double) -> Double {
            let centred = products - first * second / n
            return abs(centred) <= 1e-15 * abs(products) ? 0 : centred / (n - 1)
        }
        switch self {
        case .mean(_, let sum, let squares): return max(0, covariance(squares, sum, sum))
        case .proportion: return mean * (1 - mean)
        case .ratio(_, let m, let mm, let d, let dd, let md):
            let meanD = d / n
            let spread = covariance(mm, m, m) - 2 * mean * covariance(md, m, d) + mean * mean * covariance(dd, d, d)
            return max(0, spread / (meanD * meanD))
        }
    }
}
