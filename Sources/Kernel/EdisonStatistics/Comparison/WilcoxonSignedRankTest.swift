internal import Foundation

/// The rank test for paired differences (Wilcoxon 1945).
package struct WilcoxonSignedRankTest: Sendable {
    /// What becomes of differences of zero.
    package enum ZeroMethod: String, Sendable, Hashable, CaseIterable {
        /// Dropped before ranking.
        case wilcox
        /// Ranked, then dropped (Pratt 1959).
        case pratt
    }

    package private(set) var status: StatisticStatus
    package private(set) var positiveSum: Double?
    package private(set) var negativeSum: Double?
    package private(set) var nonzeroCount: Int?
    package private(set) var pValue: Double?
    package private(set) var isExact = false

    package init(
        differences: [Double], zeros: ZeroMethod = .wilcox, alternative: Alternative = .twoSided,
        method: RankTestMethod = .automatic
    ) {
        status = .invalidInput
        guard differences.allSatisfy(\.isFinite) else { return }
        status = .insufficientData
        guard !differences.isEmpty else { return }
        status = .ok
        let ranked = zeros == .wilcox ? differences.filter { $0 != 0 } : differences
        let ranks = Ranks(ranked.map(abs))
        let positive = zip(ranked, ranks.values).reduce(0) { $1.0 > 0 ? $0 + $1.1 : $0 }
        let negative = zip(ranked, ranks.values).reduce(0) { $1.0 < 0 ? $0 + $1.1 : $0 }
        let zeroCount = differences.count { $0 == 0 }
        let count = differences.count - zeroCount
        positiveSum = positive
        negativeSum = negative
        nonzeroCount = count
        let canBeExact = !ranks.hasTies && zeroCount == 0 && count > 0
        isExact =
            switch method {
            case .asymptotic: false
            case .exact: canBeExact && count <= 500
            case .automatic: canBeExact && count <= 50
            }
        if count == 0 {
            pValue = 1
        } else if isExact {
            let sums = Self.sumProbabilities(count)
            pValue = alternative.pValue(
                atLeast: sums.dropFirst(Int(positive)).reversed().reduce(0, +),
                atMost: sums.dropFirst(Int(negative)).reversed().reduce(0, +))
        } else {
            let rankedZeros = zeros == .pratt ? zeroCount : 0
            pValue = Self.asymptotic(
                positive, count: ranked.count, zeros: rankedZeros, ties: ranks.tieSum, alternative)
        }
    }

    /// The normal approximation without continuity correction; ties and ranked zeros shrink the variance.
    private static func asymptotic(
        _ positive: Double, count: Int, zeros: Int, ties: Double, _ alternative: Alternative
    ) -> Double {
        let (n, z) = (Double(count), Double(zeros))
        let mean = (n * (n + 1) - z * (z + 1)) / 4
        // The zeros are one group of ties, but leave with their ranks.
        let ownTies = ties - (z * z * z - z)
        let variance = (n * (n + 1) * (2 * n + 1) - z * (z + 1) * (2 * z + 1) - ownTies / 2) / 24
        guard variance > 0 else { return 1 }
        return alternative.pValue(of: (positive - mean) / variance.squareRoot(), sf: NormalDistribution.sf)
    }

    /// The probability of each sum when every rank 1…n is positive with probability ½.
    private static func sumProbabilities(_ n: Int) -> [Double] {
        var shares = [Double](repeating: 0, count: n * (n + 1) / 2 + 1)
        shares[0] = 1
        var top = 0
        for rank in 1...n {
            top += rank
            for sum in stride(from: top, through: 0, by: -1) {
                shares[sum] = 0.5 * (shares[sum] + (sum >= rank ? shares[sum - rank] : 0))
            }
        }
        return shares
    }
}
