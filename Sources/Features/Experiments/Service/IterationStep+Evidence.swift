import EdisonCore
import EdisonDatasets
import EdisonEvaluation
import EdisonPrompts

extension IterationStep {
    /// Measures the incumbent; where a few cases say that the target is reached, on some more before it is believed.
    func measure(
        _ incumbent: LoopVersion, _ evidence: EvidenceStep, _ record: inout IterationRecord, _ state: inout LoopState
    ) async throws -> (cases: [TestCase], board: Scoreboard, metrics: IterationMetrics.Values) {
        var cases = await evidence.cases(state)
        while true {
            record.cases = cases.map(\.id)
            let progress = IterationProgress(record, context.store)
            try await evidence.evaluate(incumbent, on: cases) { try await progress.judging() }
            record = await progress.record
            try await SimilarityStep(context: context).measure([incumbent], on: cases)
            state.evidence[incumbent.version.id] = cases
            if state.measured != incumbent.version.id { state.blindEvidence = Set(cases.map(\.key)) }
            state.evidenceCases = cases
            state.measured = incumbent.version.id
            context.progress.keep(state)
            let board = await context.scoreboard(state.ensemble)
            let metrics = IterationMetrics(context: context, board: board)
                .measure(incumbent, on: cases, weights: evidence.weights(of: cases))
            let missing = min(EvidenceStep.fewestForTarget, context.cases.search.count) - cases.count
            guard missing > 0, stop(on: metrics, cases: cases.count) == .target else { return (cases, board, metrics) }
            cases = await evidence.more(missing, state)
        }
    }
}
