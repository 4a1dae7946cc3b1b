import EdisonCore
package import EdisonDatasets

/// Orders of cases: made of seed and content alone, never of scores, ids or arrival.
package enum CaseOrder {
    /// The order of one race. Cases that did not select the parent come first; `avoided` ones follow, or are run again
    /// for both sides when the loop stalls.
    ///
    /// - Parameters:
    ///   - measured: what the parent has been run on already, picked without a look at scores; of the fresh cases these
    ///     come first, since half of the race is paid for there.
    ///   - atLeast: with fewer cases the same ones follow again as fresh replicates, up to this number of places:
    ///     only a race that is still undecided comes so far.
    package static func race(
        _ cases: [TestCase], seed: UInt64, iteration: Int, avoiding avoided: Set<String>, onlyFresh: Bool,
        measured: Set<String> = [], replicates: Int = 1, atLeast: Int = 0
    ) -> [RacePlace] {
        let order = sorted(cases) { DerivedSeed(seed, "race", String(iteration), $0.key).value }
        let unworn = order.filter { !avoided.contains($0.key) }
        let fresh = (unworn.filter { measured.contains($0.key) } + unworn.filter { !measured.contains($0.key) })
            .map { RacePlace(testCase: $0, replicate: 0) }
        let worn = order.filter { avoided.contains($0.key) }
        // A fresh replicate of both sides is as good as a new case, since the luck of the first one is not in it.
        let once = fresh + worn.map { RacePlace(testCase: $0, replicate: onlyFresh ? replicates + iteration : 0) }
        guard !once.isEmpty, once.count < atLeast else { return once }
        // An iteration's number is at most 100, so no two places of a run get the same replicate by chance.
        let again = (1...(atLeast / once.count)).flatMap { round in
            once.map { RacePlace(testCase: $0.testCase, replicate: replicates + 100 * (round + 1) + iteration) }
        }
        return once + again.prefix(atLeast - once.count)
    }

    /// The first evidence of a version: cases that did not accept it, as far as there are enough of them.
    package static func evidence(
        _ cases: [TestCase], avoiding avoided: Set<String>, count: Int, seed: UInt64, iteration: Int
    ) -> [TestCase] {
        let seed = DerivedSeed(seed, "evidence", String(iteration)).value
        let fresh = coverage(cases.filter { !avoided.contains($0.key) }, taken: [], count: count, seed: seed)
        return fresh + coverage(cases, taken: fresh, count: count - fresh.count, seed: seed)
    }

    /// Picks cases one by one, each the one whose tags are covered least so far.
    package static func coverage(
        _ cases: [TestCase], taken: [TestCase], count: Int, seed: UInt64
    ) -> [TestCase] {
        let takenKeys = Set(taken.map(\.key))
        var pool = sorted(cases.filter { !takenKeys.contains($0.key) }) { DerivedSeed(seed, "evidence", $0.key).value }
        var covered: [String: Int] = [:]
        for tag in taken.flatMap(tags) { covered[tag, default: 0] += 1 }
        var picked: [TestCase] = []
        while picked.count < count, !pool.isEmpty {
            let costs = pool.map { testCase in tags(testCase).map { covered[$0, default: 0] }.min() ?? 0 }
            guard let least = costs.min(), let index = costs.firstIndex(of: least) else { break }
            let next = pool.remove(at: index)
            for tag in tags(next) { covered[tag, default: 0] += 1 }
            picked.append(next)
        }
        return picked
    }

    private static func tags(_ testCase: TestCase) -> [String] { testCase.tags.isEmpty ? [""] : testCase.tags }

    private static func sorted(_ cases: [TestCase], by draw: (TestCase) -> UInt64) -> [TestCase] {
        cases.map { ($0, draw($0), $0.key) }
            .sorted { $0.1 != $1.1 ? $0.1 < $1.1 : bytewise($0.2, $1.2) }.map(\.0)
    }
}

/// A case at a place of a race order.
package struct RacePlace: Hashable, Sendable {
    package let testCase: TestCase
    package let replicate: Int

    package init(testCase: TestCase, replicate: Int) {
        self.testCase = testCase
        self.replicate = replicate
    }
}
