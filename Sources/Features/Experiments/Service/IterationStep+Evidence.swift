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
    /// Measures the incumbent; where a few cases say that the run should end, on some more before it is believed.
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
            let missing = missing(for: stop(on: metrics, cases: cases.count), metrics, cases.count)
            guard missing > 0 else {
                return MeasuredIncumbent(cases: cases, board: board, metrics: metrics, raced: state.raced)
            }
            cases = await evidence.more(missing, state)
        }
    }

    /// How many cases more it takes to believe a reason to end: a target at once as many as that takes, failures step by
    /// step, since one missing answer of four is a quarter. That nothing at all is answered needs no second look.
    private func missing(for reason: StopReason?, _ metrics: IterationMetrics.Values, _ cases: Int) -> Int {
        let all = context.cases.search.count
        switch reason {
        case .target: return min(EvidenceStep.fewestForTarget, all) - cases
        case .errors where metrics.failedShare < 1:
            return min(max(1, context.settings.newEvidenceCases), min(EvidenceStep.fewestForErrors, all) - cases)
        default: return 0
        }
    }
}
