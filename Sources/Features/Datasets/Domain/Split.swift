import EdisonCore

/// Which part of a run a case belongs to.
package enum Split: String, Sendable, CaseIterable {
    /// What the loop works with and the refiner sees.
    case search
    /// Kept for the one comparison at the end; the loop never sees it.
    case holdout
    /// Kept unseen for the next run on the same data, so that a hold-out is not worn out.
    case reserve
}

/// The shares of clusters that are kept away from the search.
package struct SplitShares: Hashable, Sendable {
    package let holdout: Double
    package let reserve: Double

    package init(holdout: Double, reserve: Double) {
        self.holdout = holdout
        self.reserve = reserve
    }

    /// 0.25 and 0.15; under 40 clusters 0.5 and 0, since a smaller hold-out could not decide anything. Given values
    /// always win.
    package static func standard(clusters: Int, holdout: Double?, reserve: Double?) -> SplitShares {
        let isSmall = clusters < 40
        return SplitShares(holdout: holdout ?? (isSmall ? 0.5 : 0.25), reserve: reserve ?? (isSmall ? 0 : 0.15))
    }
}

/// Divides cases by cluster, stratified by tag, reproducibly from a seed and the cases' content.
package enum CaseSplitter {
    package static func split(_ cases: [TestCase], shares: SplitShares, seed: UInt64) -> [TestCase.ID: Split] {
        let unconfirmed = cases.unconfirmedClusters
        let keyed = cases.map { (testCase: $0, cluster: $0.clusterKey) }
        let clusters = Dictionary(grouping: keyed.filter { !unconfirmed.contains($0.cluster) }, by: \.cluster)
            .mapValues { $0.map(\.testCase) }
        let strata = Dictionary(grouping: clusters.keys) { key in stratum(of: clusters[key] ?? []) }
        // Strata in a fixed order take turns, so that the rounding of small strata does not add up to one side.
        var order: [String] = []
        for stratum in strata.keys.sorted(by: bytewise) {
            let drawn = (strata[stratum] ?? []).map { (key: $0, draw: draw($0, seed)) }
            order += drawn.sorted { $0.draw < $1.draw || $0.draw == $1.draw && bytewise($0.key, $1.key) }.map(\.key)
        }
        let total = order.count
        // Something must be left to search on.
        let heldOut = spread(order, count: min(count(of: shares.holdout, in: total), total - 1))
        let rest = order.filter { !heldOut.contains($0) }
        let reserved = spread(rest, count: min(count(of: shares.reserve, in: total), rest.count - 1))
        var result: [TestCase.ID: Split] = [:]
        for (testCase, cluster) in keyed where unconfirmed.contains(cluster) { result[testCase.id] = .search }
        for (key, members) in clusters {
            let split: Split = heldOut.contains(key) ? .holdout : reserved.contains(key) ? .reserve : .search
            for testCase in members { result[testCase.id] = split }
        }
        return result
    }

    /// As many as wanted, evenly spread over the order, so that each stratum gives its share.
    private static func spread(_ order: [String], count: Int) -> Set<String> {
        guard count > 0 else { return [] }
        let total = order.count
        return Set(
            order.indices.filter { ($0 + 1) * count / total != $0 * count / total }.map { order[$0] })
    }

    private static func stratum(of cluster: [TestCase]) -> String {
        Set(cluster.flatMap(\.tags)).sorted(by: bytewise).first ?? ""
    }

    private static func draw(_ key: String, _ seed: UInt64) -> UInt64 { DerivedSeed(seed, "split", key).value }

    private static func count(of share: Double, in total: Int) -> Int {
        Int((share * Double(total)).rounded(.toNearestOrAwayFromZero))
    }
}
