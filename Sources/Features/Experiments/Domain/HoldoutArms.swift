import EdisonCore
package import EdisonDatasets
import EdisonPrompts

/// Successive halving on the held-out cases: several finalists on a few of them, the best of these and the first version
/// on all.
///
/// What is chosen on cases of the test has been compared as often as there were finalists, so the test divides its level
/// by their number (`PromotionTest`). With one finalist there is nothing to choose.
package enum HoldoutArms {
    /// The last incumbent, then the other accepted versions, the newest first.
    package static func finalists(_ state: LoopState, best: LoopVersion, count: Int) -> [LoopVersion] {
        let others = state.versions.filter { $0.status == .accepted && $0.version.id != best.version.id }
        return Array(([best] + others.reversed()).prefix(max(1, count)))
    }

    /// On which held-out cases they run first: any of them, by a hash of seed and content.
    package static func cases(_ holdout: [TestCase], seed: UInt64, count: Int) -> [TestCase] {
        let places = holdout.map { ($0, DerivedSeed(seed, "finalists", $0.key).value) }
        let sorted = places.sorted { $0.1 != $1.1 ? $0.1 < $1.1 : bytewise($0.0.key, $1.0.key) }
        return sorted.prefix(count).map(\.0)
    }

    /// The one with the highest mean; the earlier in the list on equal means, and where nothing is known.
    package static func best(_ finalists: [LoopVersion], means: [Double?]) -> Int {
        finalists.indices.max { left, right in
            let (a, b) = (means[left] ?? -.infinity, means[right] ?? -.infinity)
            return a != b ? a < b : left > right
        } ?? 0
    }
}
