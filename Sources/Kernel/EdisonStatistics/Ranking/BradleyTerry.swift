internal import Foundation

/// A ranking from pairwise verdicts by the model of Bradley and Terry (1952) with a Gaussian prior.
///
/// The prior is always on (λ = 0.1): separable and small data stay finite, and no pseudo-wins reorder healthy items.
/// Strengths of different components must not be ranked against each other.
package struct BradleyTerry: Sendable {
    package static let defaultPrecision = 0.1

    package let status: StatisticStatus
    /// Natural-log strengths with mean 0.
    package private(set) var strengths: [Double]?
    package private(set) var standardErrors: [Double]?
    /// At 95 %, marginal; compare items by ``differenceError(_:_:)`` instead.
    package private(set) var intervals: [ConfidenceInterval]?
    /// Without the prior's term.
    package private(set) var logLikelihood: Double?
    package let components: [[Int]]
    /// Row by row.
    package private(set) var covariance: [Double]?

    /// One component holds every item.
    package var isComparable: Bool { components.count <= 1 }

    /// 400/ln 10 times the strengths, around 0.
    package var elo: [Double]? { strengths.map { $0.map { 400 / log(10) * $0 } } }

    /// - Parameter precision: λ of the prior; 0 is plain maximum likelihood, which may not exist.
    package init(_ matrix: WinMatrix, precision: Double = Self.defaultPrecision) {
        guard matrix.isValid, precision >= 0, precision.isFinite else {
            status = .invalidInput
            components = []
            return
        }
        components = matrix.components
        guard precision > 0 || components.count <= 1 else {
            status = .noFiniteMLE
            return
        }
        var fit = BradleyTerryFit(precision: precision)
        let strengths = fit.strengths(matrix)
        guard strengths.allSatisfy(\.isFinite) else {
            status = .noFiniteMLE
            return
        }
        status = .ok
        self.strengths = strengths
        logLikelihood = BradleyTerryFit.logLikelihood(matrix, strengths)
        let covariance = fit.covariance(matrix, strengths)
        self.covariance = covariance
        let errors = strengths.indices.map { max(0, covariance[$0 * matrix.count + $0]).squareRoot() }
        standardErrors = errors
        let z = NormalDistribution.isf(0.025)
        intervals = zip(strengths, errors).map { ConfidenceInterval(center: $0, margin: z * $1) }
    }

    /// The standard error of strength i − strength j.
    package func differenceError(_ i: Int, _ j: Int) -> Double? {
        guard let covariance, let count = strengths?.count, i < count, j < count else { return nil }
        let variance = covariance[i * count + i] + covariance[j * count + j] - 2 * covariance[i * count + j]
        return max(0, variance).squareRoot()
    }

    /// P(i beats j).
    package func winProbability(_ i: Int, _ j: Int) -> Double? {
        guard let strengths, i < strengths.count, j < strengths.count else { return nil }
        return 1 / (1 + exp(strengths[j] - strengths[i]))
    }

    /// Groups of items from the best: an item joins a group while the 95 % interval of its difference to the group's
    /// first item covers 0. Only items of one component share or follow a group; each component starts anew.
    package var rankGroups: [[Int]] {
        guard let strengths else { return [] }
        let z = NormalDistribution.isf(0.025)
        return components.flatMap { component in
            let order = component.sorted { (-strengths[$0], $0) < (-strengths[$1], $1) }
            return order.reduce(into: [[Int]]()) { groups, item in
                if let first = groups.last?.first, let error = differenceError(first, item),
                    strengths[first] - strengths[item] <= z * error
                {
                    groups[groups.count - 1].append(item)
                } else {
                    groups.append([item])
                }
            }
        }
    }
}
