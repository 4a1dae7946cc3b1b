import EdisonCore
import EdisonDatasets
import EdisonEvaluation
import EdisonLLM
import EdisonPrompts

/// The refinement of one prompt from its first version to a verdict.
///
/// The loop is a deterministic function of definition, seed and answers, and every answer is stored before it counts.
/// So going on after a stop or a crash is running it again: what is stored is found, only the rest is asked for.
package struct RefinementLoop: Sendable {
    let context: RunContext

    package init(_ context: RunContext) { self.context = context }

    package func run() async throws -> RunOutcome {
        var state = try await start()
        let reason: StopReason
        var detail: String?
        do {
            reason = try await iterate(&state)
        } catch let error as EdisonError where error.code == .budgetExceeded {
            reason = context.progress.limitReached(error)
            detail = StopReason.detail(of: error)
        }
        return try await finish(&state, reason, detail)
    }

    private func start() async throws -> LoopState {
        let version = try await context.store.version(
            number: 1, content: context.definition.prompt, parent: nil, message: "first version")
        let seed = LoopVersion(
            version: version, number: 1, parentID: nil, iteration: 0, status: .seed, diff: "", note: "", edits: [],
            targetCriteria: [])
        let state = LoopState(seed: seed, ensemble: .equal(context.pointwiseJudges))
        context.progress.keep(state)
        return state
    }

    private func iterate(_ state: inout LoopState) async throws -> StopReason {
        while true {
            if let reason = stop(before: state) { return reason }
            if let reason = try await TestReserve(context: context).limitReached(state) {
                state.isKeptForTest = true
                return reason
            }
            try await gateStep("iteration \(state.iteration + 1)")
            state.iteration += 1
            let step = IterationStep(context: context)
            if let reason = try await step.run(&state) { return reason }
        }
    }

    private func gateStep(_ step: String) async throws {
        guard context.definition.review == .everyStep else { return }
        if try await !context.reviewer.mayGoOn(with: step) { throw AwaitingReview() }
    }

    /// The rules that need no new evidence; the first that fires gives the reason.
    private func stop(before state: LoopState) -> StopReason? {
        let rules = context.definition.stop
        if state.gains.count >= rules.convergenceWindow,
            state.gains.suffix(rules.convergenceWindow).reduce(0, +) < rules.minDelta
        {
            return .converged
        }
        if state.stalls >= context.patience { return .stalled }
        if state.iteration >= rules.maxIterations { return .maxIterations }
        return nil
    }

    private func finish(_ state: inout LoopState, _ reason: StopReason, _ detail: String?) async throws -> RunOutcome {
        context.report(.stopping(reason, isKeptForTest: state.isKeptForTest))
        if reason == .errors {
            let words = await FailureWords(context).mostFrequent
            return try await untested(&state, reason, words, ProofWords.failing(words))
        }
        let first = state.first
        let incumbent: LoopVersion
        do { incumbent = try await SelectionStep(context: context).select(state) } catch let error as EdisonError
            where error.code == .budgetExceeded
        { incumbent = state[state.incumbent] }
        state.incumbent = incumbent.version.id
        guard incumbent.version.id != first.version.id else {
            // A run that a limit ended before it could accept anything has not shown that nothing is better.
            return outcome(
                state, reason, holdout: nil, verdict: reason.isLimit ? .insufficientData : .noDifference,
                reason.isLimit
                    ? ["the limit was reached before an edit was accepted", detail].compactMap(\.self).joined(
                        separator: "; ")
                    : "no edit was accepted")
        }
        guard !context.cases.holdout.isEmpty else {
            return outcome(state, reason, holdout: nil, verdict: .insufficientData, "no cases were held out")
        }
        try await gateStep("the comparison on \(context.cases.holdout.count) held-out cases")
        if let limit = try await TestReserve(context: context).unpayable(state) {
            return try await outOfLimit(&state, limit)
        }
        do {
            let finalists = HoldoutArms.finalists(state, best: incumbent, count: context.settings.finalists)
            let confirmation = try await PromotionStep(context: context, ensemble: state.ensemble).run(
                first: first, finalists: finalists, versions: state.versions)
            if let pairwise = confirmation.pairwise { state.pairwise.append(pairwise) }
            return confirmed(&state, confirmation.hasFailed ? .errors : reason, confirmation.result)
        } catch let error as EdisonError where error.code == .budgetExceeded {
            return try await outOfLimit(&state, context.progress.limitReached(error))
        }
    }

    private func outOfLimit(_ state: inout LoopState, _ limit: StopReason) async throws -> RunOutcome {
        try await untested(
            &state, limit, "a limit was reached before the held-out cases were compared",
            ProofWords.untested(state[state.incumbent].number, limit))
    }

    /// An end without a test of the last incumbent: what a test before the run went on has said stays said.
    private func untested(
        _ state: inout LoopState, _ reason: StopReason, _ why: String, _ words: String
    ) async throws -> RunOutcome {
        if let standing = try await standing(&state, reason, words) { return standing }
        return outcome(state, reason, holdout: nil, verdict: .insufficientData, why)
    }

    /// The outcome of a run that ends where no test can be made: what an earlier one found; nil when there was none.
    ///
    /// - Parameter words: what became of the later test.
    func standing(_ state: inout LoopState, _ reason: StopReason, _ words: String) async throws -> RunOutcome? {
        try await PromotionStep(context: context, ensemble: state.ensemble).standing(state, reason: words)
            .map { confirmed(&state, reason, $0) }
    }

    private func confirmed(_ state: inout LoopState, _ reason: StopReason, _ result: HoldoutResult) -> RunOutcome {
        state.incumbent = result.version
        context.report(.confirmed(result))
        if result.isPromoted { promote(&state, result) }
        return outcome(state, reason, holdout: result, verdict: result.verdict, result.reason)
    }

    private func promote(_ state: inout LoopState, _ result: HoldoutResult) {
        var version = state[state.incumbent]
        version.status = .promoted
        // The race's figures stay: those of the hold-out stand in the hold-out's own part of the result.
        version.decision = LoopDecision(
            by: .promotion, reason: "better than the first version on \(result.cases) held-out cases",
            delta: version.decision?.delta, interval: version.decision?.interval, cases: version.decision?.cases ?? 0,
            race: version.decision?.race)
        state[version.version.id] = version
    }

    private func outcome(
        _ state: LoopState, _ reason: StopReason, holdout: HoldoutResult?, verdict: Verdict, _ why: String?
    ) -> RunOutcome {
        let isTested = holdout.map { $0.verdict != .insufficientData } ?? false
        let best = isTested && holdout?.isPromoted != true ? state.first.version.id : state.incumbent
        return RunOutcome(
            state: state, stopReason: reason, holdout: holdout, verdict: verdict, verdictReason: why, best: best,
            isKeptForTest: state.isKeptForTest && holdout != nil)
    }
}
