import EdisonCore
import EdisonDatasets
import EdisonEvaluation
import EdisonLLM
import EdisonPrompts
import EdisonStatistics

/// One turn of the loop: evidence, proposals, race, decision, record.
struct IterationStep: Sendable {
    let context: RunContext

    /// Returns a reason when the evidence says that the loop is done.
    func run(_ state: inout LoopState) async throws -> StopReason? {
        let number = state.iteration
        let incumbent = state[state.incumbent]
        var record = IterationRecord(number: number, version: incumbent.version.id)
        try await advance(&record, to: .executing)
        let evidence = EvidenceStep(context: context)
        let measured = try await measure(incumbent, evidence, &record, &state)
        try await advance(&record, to: .aggregating)
        record.metrics = measured.metrics
        report(measured.metrics, number, incumbent)
        if let reason = stop(on: measured.metrics, cases: measured.cases.count) {
            record.cost = try await cost(of: number)
            try await advance(&record, to: reason == .errors ? .failed : .completed)
            return reason
        }
        let decided = try await refine(&state, &record, evidence, measured)
        await reweigh(&state)
        context.progress.keep(state)
        let shown = evidence.evidence(of: incumbent, measured, state)
        record.summary = try await SummaryStep(context: context).summarise(
            record, decided: decided, incumbent: state.incumbent, evidence: shown)
        record.cost = try await cost(of: number)
        context.report(.summarised(iteration: number, headline: record.summary?["headline"]?.string ?? ""))
        try await advance(&record, to: .completed)
        return try await areCallsFailing(until: context.store.completion(of: number)) ? .errors : nil
    }

    /// What was spent between the end of the iteration before and its own, whoever was killed in between.
    private func cost(of number: Int) async throws -> Money? {
        func spent(through iteration: Int) async throws -> Money? {
            if iteration == 0 { return .zero }
            let end = try await context.store.completion(of: iteration)
            return try await context.calls.models.totals(scope: context.experiment.text, until: end).cost
        }
        guard let now = try await spent(through: number), let before = try await spent(through: number - 1) else {
            return nil
        }
        return now - before
    }

    /// The refiner's and the judges' calls count as well: without them the loop would turn idly.
    private func areCallsFailing(until: Timestamp?) async throws -> Bool {
        let share = try await context.calls.models.failedShare(
            scope: context.experiment.text, last: context.settings.errorWindow, until: until)
        return (share ?? 0) > context.settings.errorShare
    }

    private func advance(_ record: inout IterationRecord, to status: IterationStatus) async throws {
        record.status = try record.status.advanced(to: status)
        try await context.store.save(record)
    }

    private func report(_ metrics: IterationMetrics.Values, _ number: Int, _ incumbent: LoopVersion) {
        guard let composite = metrics.composite else { return }
        context.report(.scored(iteration: number, version: incumbent.number, composite))
    }

    func stop(on metrics: IterationMetrics.Values, cases: Int) -> StopReason? {
        if metrics.failedShare > context.settings.errorShare { return .errors }
        guard let composite = metrics.composite, metrics.coverage >= 0.8 else { return .errors }
        if let target = context.definition.stop.target, composite.mean >= target { return .target }
        if composite.mean >= context.settings.ceiling, cases >= context.settings.ceilingCases { return .ceiling }
        return nil
    }

    private func refine(
        _ state: inout LoopState, _ record: inout IterationRecord, _ evidence: EvidenceStep,
        _ measured: MeasuredIncumbent
    ) async throws -> [LoopVersion] {
        var round = 0
        var all: [LoopVersion] = []
        while true {
            try await advance(&record, to: .refining)
            let parent = state[parentID(state)]
            let material = evidence.evidence(of: parent, measured, state)
            let proposed = try await ProposalStep(context: context, iteration: state.iteration)
                .propose(material, parent: parent, round: round)
            let plans =
                ChildPlan.plans(
                    proposed.proposals, parent: parent.version.content, guardian: context.guardian,
                    tries: { state.tries(of: $0) })
                + (round == 0 ? try await freshStarts(parent: parent, state: state) : [])
            record.refused += proposed.refused
            state.unusable = proposed.isUnusable ? state.unusable + 1 : 0
            if state.unusable >= 3 {
                throw EdisonError(
                    .upstream, "The refiner gave no usable answer three times in a row.",
                    detail: proposed.refused.last)
            }
            context.report(.proposed(iteration: state.iteration, candidates: plans.count, refused: proposed.refused))
            let candidates = try await candidates(plans, parent: parent, state: &state)
            // Whatever a candidate descends from, what it has to beat is the incumbent.
            let opponent = state[state.incumbent]
            let results = try await race(candidates, opponent: opponent, state: &state)
            try await advance(&record, to: .reviewing)
            let review = ReviewStep(context: context, iteration: state.iteration, round: round)
            let verdicts = try await review.decide(candidates, results, opponent: opponent, state: &state)
            // Said once too often for this iteration, it still reaches the refiner in the next.
            if let notes = verdicts.changesRequested { state.humanNotes.append(notes) }
            if verdicts.changesRequested != nil, round < 3 {
                all += verdicts.decided.map(\.version)
                settle(&state, verdicts.decided, opponent: opponent)
                round += 1
                continue
            }
            settle(&state, verdicts.decided, opponent: opponent)
            all += verdicts.decided.map(\.version)
            all += try await unite(verdicts.decided, parent: parent, round: round, state: &state)
            state.alternates = await PoolStep(context: context).kept(state)
            return all
        }
    }

    /// Prompts that are no edits of the parent: further drafts of the first one, and a new start after many stalls.
    private func freshStarts(parent: LoopVersion, state: LoopState) async throws -> [ChildPlan] {
        var plans: [ChildPlan] = []
        if state.iteration == 1 {
            plans += context.definition.otherDrafts.map { draft in
                var content = parent.version.content
                content.text = draft.text
                return ChildPlan(
                    edits: [], content: content, note: "Another draft of the first prompt", targetCriteria: [])
            }
        }
        if state.stalls > 0, state.stalls.isMultiple(of: context.settings.restartAfterStalls),
            let restart = try await RestartStep(context: context, iteration: state.iteration)
                .plan(parent: parent.version.content)
        {
            plans.append(restart)
        }
        return plans
    }

    /// When two children of one parent were accepted, both their edits together race once against the two.
    private func unite(
        _ decided: [ReviewStep.Decided], parent: LoopVersion, round: Int, state: inout LoopState
    ) async throws -> [LoopVersion] {
        let accepted = decided.filter { $0.version.status == .accepted }.map { (version: $0.version, gain: $0.mean) }
        let plan = SiblingUnion.plan(
            accepted, parent: parent, guardian: context.guardian, known: state.versions.map(\.version.content))
        guard let plan else { return [] }
        let opponent = state[state.incumbent]
        let candidates = try await candidates([plan], parent: parent, state: &state)
        let winners = SiblingUnion.pair(accepted, parent: parent)
        let results =
            context.mode == .racing && winners.first?.version.id == opponent.version.id
            ? [try await RaceStep(context: context, state: state).join(candidates[0], winners, &state)]
            : try await race(candidates, opponent: opponent, state: &state)
        let review = ReviewStep(context: context, iteration: state.iteration, round: round)
        let verdicts = try await review.decide(candidates, results, opponent: opponent, state: &state)
        settle(&state, verdicts.decided, opponent: opponent, isUnion: true)
        return verdicts.decided.map(\.version)
    }

    /// The incumbent, or with a fixed probability, and after some stalls always, an alternate.
    private func parentID(_ state: LoopState) -> PromptVersion.ID {
        guard !state.alternates.isEmpty else { return state.incumbent }
        var draw = SplitMix64(seed: DerivedSeed(context.definition.seed, "parent", String(state.iteration)).value)
        let isAlternate =
            state.stalls >= context.settings.alternatesAfterStalls
            || Double.random(in: 0..<1, using: &draw) < context.settings.alternateShare
        guard isAlternate else { return state.incumbent }
        return state.alternates[
            Int(Double.random(in: 0..<1, using: &draw) * Double(state.alternates.count)) % state.alternates.count]
    }

    private func candidates(
        _ plans: [ChildPlan], parent: LoopVersion, state: inout LoopState
    ) async throws -> [LoopVersion] {
        var candidates: [LoopVersion] = []
        for plan in plans {
            let number = state.versions.count + 1
            let version = try await context.store.version(
                number: number, content: plan.content, parent: parent.version.id,
                message: plan.note.isEmpty ? "edit of version \(parent.number)" : plan.note)
            let candidate = LoopVersion(
                version: version, number: number, parentID: parent.version.id, iteration: state.iteration,
                status: .candidate, diff: PromptDiff.unified(from: parent.version.content, to: plan.content),
                note: plan.note, edits: plan.edits, targetCriteria: plan.targetCriteria)
            state.versions.append(candidate)
            candidates.append(candidate)
        }
        context.progress.keep(state)
        return candidates
    }

    private func race(
        _ candidates: [LoopVersion], opponent: LoopVersion, state: inout LoopState
    ) async throws -> [RaceStep.Result] {
        guard !candidates.isEmpty else { return [] }
        if context.mode == .full {
            return try await FullComparisonStep(context: context, ensemble: state.ensemble)
                .run(candidates, parent: opponent)
        }
        return try await RaceStep(context: context, state: state).run(candidates, opponent: opponent, &state)
    }

    /// Moves the incumbent to the best accepted candidate; the others join the pool.
    ///
    /// - Parameter isUnion: what was accepted before counts for the iteration, so a union that falls is no stall.
    private func settle(
        _ state: inout LoopState, _ decided: [ReviewStep.Decided], opponent: LoopVersion, isUnion: Bool = false
    ) {
        for item in decided {
            state[item.version.version.id] = item.version
            let accepted = item.version.status == .accepted
            state.history += item.version.edits.map {
                TriedEdit(
                    edit: $0, accepted: accepted, delta: item.version.decision?.delta,
                    reason: item.version.decision?.reason ?? "")
            }
            context.report(.decided(iteration: state.iteration, item.version, parent: opponent.number))
        }
        let accepted = decided.filter { $0.version.status == .accepted }
        guard
            let best = accepted.max(by: {
                $0.mean < $1.mean || $0.mean == $1.mean && $0.version.number > $1.version.number
            })
        else {
            if !isUnion { state.stalls += 1 }
            return
        }
        state.stalls = 0
        state.gains.append(best.mean)
        state.incumbent = best.version.version.id
        state.alternates += accepted.map(\.version.version.id)
        state.alternates.removeAll { $0 == state.incumbent }
    }

    /// Weights and offsets of the judges from everything judged so far, frozen for the next iteration.
    private func reweigh(_ state: inout LoopState) async {
        let board = await context.scoreboard(state.ensemble)
        let measured = JudgeReliability(context: context, board: board, state: state)
        state.ensemble = measured.ensemble(previous: state.ensemble)
        if state.stalls >= 2 || measured.isAlarming { state.escalated = true }
    }
}
