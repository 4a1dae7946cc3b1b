import EdisonCore
import EdisonDatasets
import EdisonEvaluation
import EdisonPrompts

/// What is known of the incumbent when an iteration looks at it.
struct MeasuredIncumbent: Sendable {
    let cases: [TestCase]
    let board: Scoreboard
    let metrics: IterationMetrics.Values
    /// What races had asked for, and whom, when the board was read. Answers that came later are on the board only where a
    /// run was killed and reads it again, so they must not be shown.
    let raced: [Cell: Set<String>]
}

extension IterationStep {
    /// Measures the incumbent; where a few cases say that the target is reached, on some more before it is believed.
    func measure(
        _ incumbent: LoopVersion, _ evidence: EvidenceStep, _ record: inout IterationRecord, _ state: inout LoopState
    ) async throws -> MeasuredIncumbent {
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
            guard missing > 0, stop(on: metrics, cases: cases.count) == .target else {
                return MeasuredIncumbent(cases: cases, board: board, metrics: metrics, raced: state.raced)
            }
            cases = await evidence.more(missing, state)
        }
    }
}
