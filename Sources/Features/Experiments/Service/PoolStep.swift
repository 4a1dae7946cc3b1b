import EdisonDatasets
import EdisonEvaluation
import EdisonPrompts

/// Keeps the alternates that are better at something than every other version of the pool.
struct PoolStep: Sendable {
    let context: RunContext

    /// By the scores of the races, which the search judge gave to all of them. What is stored may be more when a run goes
    /// on, so only what has been asked for by now counts.
    func kept(_ state: LoopState) async -> [PromptVersion.ID] {
        guard !state.alternates.isEmpty else { return [] }
        let board = await context.scoreboard(state.ensemble)
        let cases = context.cases.search
        func member(_ id: PromptVersion.ID) -> AlternatePool.Member {
            let known = known(id, state)
            let scores = cases.filter { known.contains($0.id) }.compactMap { testCase in
                board.score(id, on: testCase, models: [context.primaryModel], judges: context.searchJudge)
                    .map { (testCase.key, $0) }
            }
            return AlternatePool.Member(id: id, scores: Dictionary(scores, uniquingKeysWith: { first, _ in first }))
        }
        return AlternatePool.kept(
            state.alternates.map(member), incumbent: member(state.incumbent),
            facets: Dictionary(
                cases.map { ($0.key, CaseFacets.names(of: $0)) }, uniquingKeysWith: { first, _ in first }),
            limit: context.settings.poolSize)
    }

    /// The search cases on which the version has run so far, with the primary model and before the search judge.
    private func known(_ id: PromptVersion.ID, _ state: LoopState) -> Set<TestCase.ID> {
        if context.mode == .full { return Set(context.cases.search.map(\.id)) }
        let raced = state.raced.filter { cell, judges in
            cell.version.id == id && cell.model == context.primaryModel && cell.replicate == 0
                && judges.isSuperset(of: context.searchJudge)
        }
        return Set(raced.keys.map(\.testCase.id)).union((state.evidence[id] ?? []).map(\.id))
    }
}
