internal import Foundation

/// The critical |z| of planned looks with a total two-sided error of alpha: more power than a rule for any number of
/// looks, when looks and final size are planned.
///
/// The densities of the statistic on the continuation region follow by recursive integration (Armitage, McPherson and
/// Rowe 1969).
package struct GroupSequentialBoundaries: Sendable {
    package let status: StatisticStatus
    /// Per look; infinite where there is nothing to spend.
    package let criticalZ: [Double]
    /// 2Φ(−z), per look.
    package let nominalP: [Double]
    package let cumulativeAlpha: [Double]

    /// - Parameter fractions: of the final information, increasing, in (0, 1]. An unplanned look is allowed: spend at
    ///   the fraction that was reached.
    package init(fractions: [Double], alpha: Double = 0.05, spending: AlphaSpending = .obrienFleming) {
        let isIncreasing = zip(fractions, fractions.dropFirst()).allSatisfy { $0 < $1 }
        guard alpha > 0, alpha < 1, isIncreasing, fractions.allSatisfy({ $0 > 0 && $0 <= 1 }) else {
            (status, criticalZ, nominalP, cumulativeAlpha) = (.invalidInput, [], [], [])
            return
        }
        let spent = fractions.map { spending.spent(at: $0, alpha: alpha) }
        var region: ContinuationRegion?
        var boundaries: [Double] = []
        for (index, fraction) in fractions.enumerated() {
            let increment = spent[index] - (index == 0 ? 0 : spent[index - 1])
            let boundary: Double
            if let region {
                boundary = region.boundary(at: fraction, crossing: increment)
            } else {
                boundary = increment > 0 ? NormalDistribution.isf(increment / 2) : .infinity
            }
            boundaries.append(boundary)
            if index + 1 < fractions.count {
                let step = (fractions[index + 1] - fraction) / fractions[index + 1]
                region = ContinuationRegion(
                    after: region, fraction: fraction, boundary: boundary, resolution: step.squareRoot())
            }
        }
        status = .ok
        criticalZ = boundaries
        nominalP = boundaries.map { 2 * NormalDistribution.sf($0) }
        cumulativeAlpha = spent
    }
}

/// The density of Z at a look among the experiments that have not stopped.
private struct ContinuationRegion {
    let fraction: Double
    let nodes: [Double]
    /// Quadrature weight times density.
    let masses: [Double]

    /// - Parameter resolution: the scale on which the next look's kernel varies.
    init(after previous: ContinuationRegion?, fraction: Double, boundary: Double, resolution: Double) {
        let end = min(boundary, 9)
        let panels = min(400, max(16, Int((end / min(0.5, resolution)).rounded(.up))))
        let rule = GaussLegendre.composite(from: -end, to: end, panels: panels)
        self.fraction = fraction
        nodes = rule.nodes
        masses = zip(rule.nodes, rule.weights).map { node, weight in
            weight * (previous?.density(of: node, at: fraction) ?? NormalDistribution.pdf(node))
        }
    }

    private func density(of z: Double, at later: Double) -> Double {
        let deviation = (later - fraction).squareRoot()
        let target = z * later.squareRoot() / deviation
        let factor = fraction.squareRoot() / deviation
        var sum = 0.0
        for index in nodes.indices {
            let gap = target - nodes[index] * factor
            if abs(gap) < 39 { sum += masses[index] * exp(-0.5 * gap * gap) }
        }
        return sum * later.squareRoot() / deviation / (2 * Double.pi).squareRoot()
    }

    /// P(still running, then |Z| ≥ z).
    private func crossing(_ z: Double, at later: Double) -> Double {
        let deviation = (later - fraction).squareRoot()
        let target = z * later.squareRoot() / deviation
        let factor = fraction.squareRoot() / deviation
        var sum = 0.0
        for index in nodes.indices {
            let drift = nodes[index] * factor
            sum += masses[index] * (NormalDistribution.sf(target - drift) + NormalDistribution.sf(target + drift))
        }
        return sum
    }

    func boundary(at later: Double, crossing wanted: Double) -> Double {
        guard wanted > 0 else { return .infinity }
        var low = 0.0
        var high = 1.0
        while crossing(high, at: later) > wanted {
            low = high
            high *= 2
            if high > 64 { return .infinity }
        }
        // Secant steps on the logarithm, kept inside the bracket.
        let goal = log(wanted)
        var lowGap = log(crossing(low, at: later)) - goal
        var highGap = log(crossing(high, at: later)) - goal
        for step in 0..<200 where high - low > 1e-13 * high {
            var next = low + (high - low) * lowGap / (lowGap - highGap)
            if step % 3 == 2 || !(next > low && next < high) { next = (low + high) / 2 }
            let gap = log(crossing(next, at: later)) - goal
            if gap == 0 { return next }
            if gap > 0 { (low, lowGap) = (next, gap) } else { (high, highGap) = (next, gap) }
        }
        return (low + high) / 2
    }
}
