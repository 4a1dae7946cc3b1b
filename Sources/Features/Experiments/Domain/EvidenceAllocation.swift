import EdisonCore
package import EdisonDatasets

/// Which search cases the next iteration adds to its evidence: more where scores spread and the share is large, since
/// there a case narrows the mean most (Neyman 1934), fewer where it is settled.
package enum EvidenceAllocation {
    /// Below this many cases a stratum is filled first: a spread of one case is unknown.
    static let fewestPerStratum = 2
    /// The prior of a stratum's variance, and the number of cases that it counts for, as in a race.
    private static let priorVariance = 0.04
    private static let priorWeight = 4.0

    /// - Parameters:
    ///   - taken: the evidence so far.
    ///   - scores: of the evidence, by the key of the case; what has none is no part of a spread.
    package static func next(
        _ search: [TestCase], taken: [TestCase], scores: [String: Double], count: Int, seed: UInt64
    ) -> [TestCase] {
        let known = Set(taken.map(\.key))
        var strata = Dictionary(grouping: search, by: \.stratum).map { name, members in
            Stratum(
                name: name, share: Double(members.count) / Double(search.count),
                pool: pool(members.filter { !known.contains($0.key) }, seed),
                taken: members.count { known.contains($0.key) },
                variance: variance(members.compactMap { known.contains($0.key) ? scores[$0.key] : nil }))
        }.sorted { bytewise($0.name, $1.name) }
        var picked: [TestCase] = []
        while picked.count < count, let index = best(strata) {
            picked.append(strata[index].pool.removeFirst())
            strata[index].taken += 1
        }
        return picked
    }

    private struct Stratum {
        let name: String
        let share: Double
        var pool: [TestCase]
        var taken: Int
        let variance: Double

        /// By how much one more case lowers the variance of the stratified mean.
        var gain: Double { share * share * variance / (Double(taken) * Double(taken + 1)) }
    }

    /// The stratum that gets the next case; the first by name on equal terms. nil when all are used up.
    private static func best(_ strata: [Stratum]) -> Int? {
        let open = strata.indices.filter { !strata[$0].pool.isEmpty }
        let thin = open.filter { strata[$0].taken < fewestPerStratum }
        if !thin.isEmpty {
            return thin.min {
                (strata[$0].taken, -strata[$0].share, $0) < (strata[$1].taken, -strata[$1].share, $1)
            }
        }
        return open.min { (-strata[$0].gain, $0) < (-strata[$1].gain, $1) }
    }

    private static func variance(_ scores: [Double]) -> Double {
        let mean = scores.isEmpty ? 0 : scores.reduce(0, +) / Double(scores.count)
        let squares = scores.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        return (priorWeight * priorVariance + squares) / (priorWeight + Double(max(0, scores.count - 1)))
    }

    private static func pool(_ cases: [TestCase], _ seed: UInt64) -> [TestCase] {
        cases.map { ($0, DerivedSeed(seed, "evidence", $0.key).value) }
            .sorted { $0.1 != $1.1 ? $0.1 < $1.1 : bytewise($0.0.key, $1.0.key) }.map(\.0)
    }
}
