internal import Foundation

/// How the null distribution of a rank statistic is computed.
package enum RankTestMethod: String, Sendable, Hashable, CaseIterable {
    case asymptotic
    /// By counting; with ties it gives way to the tie-corrected normal distribution.
    case exact
    /// Exact for small samples without ties.
    case automatic = "auto"
}

/// The rank test for two independent samples (Mann and Whitney 1947).
///
/// U counts the pairs in which b beats a, ties as a half; AUC is its share of all pairs. The normal approximation is
/// corrected for ties and continuity.
package struct MannWhitneyTest: Sendable {
    package private(set) var status: StatisticStatus
    package private(set) var u: Double?
    package private(set) var auc: Double?
    /// Cliff's delta, 2 AUC − 1.
    package private(set) var rankBiserial: Double?
    /// The median of all differences b − a.
    package private(set) var hodgesLehmann: Double?
    package private(set) var pValue: Double?
    package private(set) var isExact = false

    package init(
        _ a: [Double], _ b: [Double], alternative: Alternative = .twoSided, method: RankTestMethod = .automatic
    ) {
        status = .invalidInput
        guard a.allSatisfy(\.isFinite), b.allSatisfy(\.isFinite) else { return }
        status = .insufficientData
        guard !a.isEmpty, !b.isEmpty else { return }
        status = .ok
        let (na, nb) = (Double(a.count), Double(b.count))
        let ranks = Ranks(a + b)
        let u = ranks.values[a.count...].reduce(0, +) - nb * (nb + 1) / 2
        self.u = u
        auc = u / (na * nb)
        rankBiserial = 2 * u / (na * nb) - 1
        hodgesLehmann = PairwiseDifferences(a, b).median
        isExact =
            switch method {
            case .asymptotic: false
            case .exact: !ranks.hasTies && RankSumCounts.isFeasible(a.count, b.count)
            case .automatic:
                !ranks.hasTies && min(a.count, b.count) <= 8 && RankSumCounts.isFeasible(a.count, b.count)
            }
        if isExact {
            let tail = RankSumCounts(a.count, b.count)
            pValue = alternative.pValue(atLeast: tail.atLeast(Int(u)), atMost: tail.atLeast(Int(na * nb - u)))
        } else {
            pValue = Self.asymptotic(u, na, nb, ties: ranks.tieSum, alternative)
        }
    }

    private static func asymptotic(
        _ u: Double, _ na: Double, _ nb: Double, ties: Double, _ alternative: Alternative
    ) -> Double {
        let total = na + nb
        let variance = na * nb / 12 * (total + 1 - ties / (total * (total - 1)))
        guard variance > 1e-12 * na * nb else { return 1 }
        let (center, deviation) = (na * nb / 2, variance.squareRoot())
        switch alternative {
        case .greater: return NormalDistribution.sf((u - center - 0.5) / deviation)
        case .less: return NormalDistribution.sf((center - u - 0.5) / deviation)
        case .twoSided: return min(1, 2 * NormalDistribution.sf((abs(u - center) - 0.5) / deviation))
        }
    }
}

/// The exact null distribution of U, from the number of subsets of ranks with a given sum.
private struct RankSumCounts {
    private let probabilities: [Double]

    /// Whether counting stays within about a second.
    static func isFeasible(_ first: Int, _ second: Int) -> Bool {
        let (small, large) = (Double(min(first, second)), Double(max(first, second)))
        return (small + large) * small * small * large <= 4e8
    }

    init(_ first: Int, _ second: Int) {
        let (small, large) = (min(first, second), max(first, second))
        // shares[k][u]: the share of the subsets of size k with statistic u among the ranks so far, as probability.
        var shares = Array(repeating: [Double](repeating: 0, count: small * large + 1), count: small + 1)
        shares[0][0] = 1
        for rank in 1...(small + large) {
            for size in stride(from: min(rank, small), through: 0, by: -1) {
                // Of all subsets of this size among `rank` ranks, size/rank hold the newest; it adds rank − size to U.
                let share = Double(size) / Double(rank)
                let others = rank - size
                let top = min(size * others, small * large)
                guard others <= large else { continue }
                for u in stride(from: top, through: 0, by: -1) {
                    let without = others > 0 ? shares[size][u] * (1 - share) : 0
                    let with = size > 0 && u >= others ? shares[size - 1][u - others] * share : 0
                    shares[size][u] = without + with
                }
            }
        }
        probabilities = shares[small]
    }

    func atLeast(_ u: Int) -> Double { probabilities.dropFirst(max(u, 0)).reversed().reduce(0, +) }
}
