internal import Foundation

/// The distribution of the difference of two independent Beta variables, by quadrature.
struct BetaDifference {
    private let minuend: BetaDistribution
    private let subtrahend: BetaDistribution
    private let curve: LogOddsBeta
    private let curveBreaks: [Double]
    /// Where the minuend varies, as shares.
    private let minuendBreaks: [Double]

    init(minuend: BetaDistribution, subtrahend: BetaDistribution) {
        self.minuend = minuend
        self.subtrahend = subtrahend
        curve = LogOddsBeta(subtrahend)
        curveBreaks = curve.breaks
        minuendBreaks = LogOddsBeta(minuend).breaks.map { LogOddsBeta.shares($0).x } + [0, 1]
    }

    /// P(difference ≤ d), or P(difference > d): ∫ f of the subtrahend at x times a tail of the minuend at x + d.
    private func tail(_ d: Double, isUpper: Bool) -> Double {
        let shifted = minuendBreaks.compactMap { share -> Double? in
            let x = share - d
            return x > 0 && x < 1 ? log(x / (1 - x)) : nil
        }
        let ends = (curveBreaks.min() ?? 0, curveBreaks.max() ?? 0)
        let inside = shifted.filter { $0 > ends.0 && $0 < ends.1 }
        let rule = GaussLegendre.composite(LogOddsBeta.panels(curveBreaks + inside))
        var sum = 0.0
        for (node, weight) in zip(rule.nodes, rule.weights) {
            let x = LogOddsBeta.shares(node).x + d
            let share: Double
            if x <= 0 {
                share = isUpper ? 1 : 0
            } else if x >= 1 {
                share = isUpper ? 0 : 1
            } else {
                let (alpha, beta) = (minuend.alpha, minuend.beta)
                share =
                    isUpper
                    ? IncompleteBeta.upper(alpha, beta, x: x, y: 1 - x)
                    : IncompleteBeta.lower(alpha, beta, x: x, y: 1 - x)
            }
            if share > 0 { sum += weight * curve.density(node) * share }
        }
        return sum
    }

    func quantile(_ p: Double) -> Double { root(p, isUpper: false) }

    /// The d that is exceeded with probability p.
    func upperQuantile(_ p: Double) -> Double { root(p, isUpper: true) }

    /// The secant method on the tail's normal score, which is nearly a straight line, kept inside a bracket.
    private func root(_ p: Double, isUpper: Bool) -> Double {
        let goal = NormalDistribution.ppf(p)
        func gap(_ d: Double) -> Double {
            let score = NormalDistribution.ppf(min(1, max(0, tail(d, isUpper: isUpper)))) - goal
            return isUpper ? -score : score
        }
        var (low, high) = (-1.0, 1.0)
        let mean = minuend.mean - subtrahend.mean
        let deviation = (minuend.variance + subtrahend.variance).squareRoot()
        var point = min(0.999, max(-0.999, mean + (isUpper ? -1 : 1) * goal * deviation))
        var previous: (point: Double, gap: Double)?
        for _ in 0..<100 {
            let value = gap(point)
            if value == 0 { return point }
            if value < 0 { low = point } else { high = point }
            var next = (low + high) / 2
            if value.isFinite {
                let slope = previous.map { (value - $0.gap) / (point - $0.point) } ?? 1 / deviation
                let secant = point - value / slope
                if secant > low, secant < high { next = secant }
                previous = (point, value)
            }
            if abs(next - point) < 1e-13 { return next }
            point = next
        }
        return point
    }
}
