import EdisonCore
import EdisonDatasets
import EdisonStatistics

/// Whether the cases suffice for what is asked, told before anything is spent.
extension ExperimentDefinition {
    /// As the file says, else full where a person looks at every step.
    package var mode: LoopSettings.Mode { loop.mode ?? (review == .everyStep ? .full : .racing) }

    /// Which case belongs to which part, by content and seed.
    func splits() throws(EdisonError) -> [TestCase.ID: Split] {
        let shares = SplitShares.standard(clusters: cases.splitClusters, holdout: holdout, reserve: reserve)
        return try CaseSplitter.split(cases, shares: shares, seed: seed).confirming(on: confirmOn)
    }

    func requireEnoughToRefine() throws {
        guard drafting?.cases ?? 0 == 0 else { return }
        let search = try splits().values.count { $0 == .search }
        guard search < 2 else { return }
        throw EdisonError(
            .invalid,
            "Refining needs at least 2 cases to search with, and \(search) of \(cases.count) would be left for that.",
            detail: "Add cases (40 are a good start), or lower holdout: and reserve:. To score the prompt: edison eval")
    }

    /// What a person should know about the size of the hold-out; nil when it can decide something.
    package var holdoutAdvice: String? {
        guard drafting?.cases ?? 0 == 0, let splits = try? splits() else { return nil }
        let clusters = Set(cases.filter { splits[$0.id] == .holdout }.map(\.clusterKey)).count
        let least = PromotionTest.fewestClusters
        if clusters >= PromotionTest.clustersForFullLevel { return nil }
        if clusters >= least {
            let half = Int((Double(cases.splitClusters) * 0.5).rounded(.toNearestOrAwayFromZero))
            return
                "\(clusters) held-out cases can prove a large difference only, \(PromotionTest.clustersForFullLevel) "
                + "a smaller one too."
                + (half > clusters && confirmOn == .holdout
                    ? " holdout: 0.5 would hold out \(half) of the \(cases.splitClusters)." : "")
        }
        return clusters == 0
            ? "No cases are held out, so the run will not say whether the best version is better."
            : "Only \(clusters) \(clusters == 1 ? "case is" : "cases are") held out; from \(least) on the run can say whether the best version is better."
    }
}
