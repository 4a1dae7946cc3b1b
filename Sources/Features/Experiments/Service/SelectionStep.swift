import EdisonCore
import EdisonDatasets
import EdisonEvaluation
import EdisonPrompts

/// Picks the version that is compared with the first one at the end.
struct SelectionStep: Sendable {
    let context: RunContext

    /// Every accepted version on the same search cases, with all models and judges; the incumbent where the rule cannot
    /// tell, and on equal values the newer version.
    func select(_ state: LoopState) async throws -> LoopVersion {
        let selector = context.definition.selector
        let incumbent = state[state.incumbent]
        let contenders = state.versions.filter { $0.status == .accepted }
        guard selector.rule != .incumbent, contenders.count > 1 else { return incumbent }
        let evidence = EvidenceStep(context: context)
        let cases = state.evidenceCases.isEmpty ? await evidence.cases(state) : state.evidenceCases
        for version in [state.first] + contenders { try await evidence.evaluate(version, on: cases) }
        let board = await context.scoreboard(state.ensemble)
        let first = standing(of: state.first, on: cases, board)
        let ranked = contenders.compactMap { version in
            selector.value(of: standing(of: version, on: cases, board), first: first).map { (version, $0) }
        }
        return ranked.max { $0.1 != $1.1 ? $0.1 < $1.1 : $0.0.number < $1.0.number }?.0 ?? incumbent
    }

    private func standing(of version: LoopVersion, on cases: [TestCase], _ board: Scoreboard) -> Selector.Standing {
        let outputs = cases.flatMap { testCase in
            context.modelNames.compactMap { board.output(version.version.id, testCase, model: $0) }
        }
        let costs = outputs.compactMap(\.cost)
        let latencies = outputs.filter { !$0.cached && $0.text != nil }.map { $0.latency.milliseconds }.sorted()
        return Selector.Standing(
            estimate: IterationMetrics(context: context, board: board)
                .measure(version, on: cases, weights: EvidenceStep(context: context).weights(of: cases)).composite,
            cost: costs.count == outputs.count && !costs.isEmpty
                ? costs.reduce(0) { $0 + $1.dollars } / Double(costs.count) : nil,
            latency: latencies.isEmpty ? nil : latencies[latencies.count / 2])
    }
}

extension Duration {
    /// In milliseconds, with their fraction.
    var milliseconds: Double { Double(microseconds) / 1000 }
}
