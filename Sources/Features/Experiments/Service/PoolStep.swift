import EdisonDatasets
import EdisonPrompts

/// Keeps the alternates that are better at something than every other version of the pool.
struct PoolStep: Sendable {
    let context: RunContext

    /// By the scores of the races, which the search judge gave to all of them.
    func kept(_ state: LoopState) async -> [PromptVersion.ID] {
        guard !state.alternates.isEmpty else { return [] }
        let board = await context.scoreboard(state.ensemble)
        let cases = context.cases.search
        func member(_ id: PromptVersion.ID) -> AlternatePool.Member {
            let scores = cases.compactMap { testCase in
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
}
