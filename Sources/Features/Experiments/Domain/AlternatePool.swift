import EdisonCore
import EdisonDatasets
package import EdisonPrompts

/// Which accepted versions are worth keeping beside the incumbent: those that are better than every other one at
/// something.
///
/// Strength is told by the means of facets (tags), not by single cases, where noise would keep everything.
package enum AlternatePool {
    /// With fewer common cases a facet's mean says nothing.
    static let fewestPerFacet = 2

    /// What is known of one version: its scores by the key of the case.
    package struct Member: Sendable {
        package let id: PromptVersion.ID
        package let scores: [String: Double]

        package init(id: PromptVersion.ID, scores: [String: Double]) {
            self.id = id
            self.scores = scores
        }
    }

    /// The alternates that neither the incumbent nor another alternate outdoes, in their order; the newest `limit`.
    ///
    /// - Parameter facets: the facets of each case, by its key.
    package static func kept(
        _ alternates: [Member], incumbent: Member, facets: [String: [String]], limit: Int
    ) -> [PromptVersion.ID] {
        let all = alternates + [incumbent]
        let kept = alternates.filter { member in
            !all.contains { $0.id != member.id && outdoes($0, member, facets) }
        }
        return kept.suffix(limit).map(\.id)
    }

    /// At least as good on every facet that both were seen on, and better on one.
    private static func outdoes(_ one: Member, _ other: Member, _ facets: [String: [String]]) -> Bool {
        var differences: [String: [Double]] = [:]
        for (key, score) in other.scores {
            guard let better = one.scores[key] else { continue }
            for facet in facets[key] ?? [] { differences[facet, default: []].append(better - score) }
        }
        let means = differences.values.filter { $0.count >= fewestPerFacet }
            // In order of size, so that the order of a dictionary changes no bit.
            .map { $0.sorted().reduce(0, +) / Double($0.count) }
        return !means.isEmpty && means.allSatisfy { $0 >= 0 } && means.contains { $0 > 0 }
    }
}
