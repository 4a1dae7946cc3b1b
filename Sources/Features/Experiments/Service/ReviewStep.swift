import EdisonCore
import EdisonDatasets
import EdisonEvaluation
import EdisonPrompts

/// The decision on raced candidates: by the gate, or by a person with the race's evidence beside it.
struct ReviewStep: Sendable {
    let context: RunContext
    let iteration: Int
    let round: Int

    struct Decided: Sendable {
        var version: LoopVersion
        /// The mean paired difference that ranks the accepted ones.
        let mean: Double
    }

    struct Verdicts: Sendable {
        var decided: [Decided] = []
        var changesRequested: String?
    }

    func decide(
        _ candidates: [LoopVersion], _ results: [RaceStep.Result], opponent: LoopVersion, state: inout LoopState
    ) async throws -> Verdicts {
        var gated: [Gated] = []
        for (candidate, result) in zip(candidates, results) {
            let veto = result.accepted ? try await veto(candidate, opponent, result, &state) : nil
            let gate = LoopDecision(
                by: .gate, reason: veto ?? result.reason, delta: result.standing.cases > 0 ? result.standing.mean : nil,
                interval: result.interval, cases: result.cases.count, race: result.record)
            gated.append(
                Gated(
                    candidate: candidate, result: result, gate: gate, isRecommended: result.accepted && veto == nil))
        }
        var verdicts = Verdicts()
        guard context.definition.review != .automatic else {
            verdicts.decided = gated.map { settled($0.candidate, $0.gate, $0.isRecommended, $0.result) }
            return verdicts
        }
        // All of them stand in the queue before the first is asked about: whoever looks there sees the whole iteration.
        var suggestions: [Suggestion] = []
        for one in gated { suggestions.append(await suggestion(one, opponent, state)) }
        try await context.store.save(suggestions)
        for (one, suggestion) in zip(gated, suggestions) {
            try await apply(try await recorded(suggestion), to: one, opponent, &verdicts, &state)
        }
        return verdicts
    }

    /// A candidate with the gate's word on it.
    private struct Gated {
        let candidate: LoopVersion
        let result: RaceStep.Result
        let gate: LoopDecision
        let isRecommended: Bool
    }

    private func settled(
        _ candidate: LoopVersion, _ decision: LoopDecision, _ accepted: Bool, _ result: RaceStep.Result
    ) -> Decided {
        var version = candidate
        version.status = accepted ? .accepted : .rejected
        version.decision = decision
        if accepted { version.acceptanceCases = result.cases }
        return Decided(version: version, mean: result.standing.mean)
    }

    private func apply(
        _ decision: ReviewDecision, to one: Gated, _ opponent: LoopVersion, _ verdicts: inout Verdicts,
        _ state: inout LoopState
    ) async throws {
        let (candidate, result, gate) = (one.candidate, one.result, one.gate)
        var personal = gate
        personal.by = .person
        switch decision {
        case .approve(let note):
            personal.reason = note.isEmpty ? "approved; \(gate.reason)" : note
            verdicts.decided.append(settled(candidate, personal, true, result))
        case .reject(let note):
            personal.reason = note.isEmpty ? "rejected; \(gate.reason)" : note
            verdicts.decided.append(settled(candidate, personal, false, result))
            if !note.isEmpty { state.humanNotes.append(note) }
        case .requestChanges(let note):
            personal.reason = "changes requested: \(note)"
            verdicts.decided.append(settled(candidate, personal, false, result))
            verdicts.changesRequested = note
        case .edit(let content, let note):
            personal.reason = "superseded by the reviewer's own wording"
            verdicts.decided.append(settled(candidate, personal, false, result))
            verdicts.decided.append(try await edited(content, note, candidate, opponent, &state))
        case .later: throw AwaitingReview()
        }
    }

    /// A decision that was taken in an earlier session, or by another process while this one asked, stands.
    private func recorded(_ suggestion: Suggestion) async throws -> ReviewDecision {
        if let known = try await context.store.review(of: suggestion.version) { return known }
        let decision = try await context.reviewer.review(suggestion)
        // A text that no case can fill would fail the run for good: it is asked for again, later if need be.
        if case .edit(let content, _) = decision, !suggestion.takes(content) { throw AwaitingReview() }
        if decision == .later {
            guard let known = try await context.store.review(of: suggestion.version) else { throw AwaitingReview() }
            return known
        }
        let standing = try await context.store.save(decision, of: suggestion.version)
        if standing != decision { context.report(.decidedElsewhere(version: suggestion.number)) }
        return standing
    }

    private func suggestion(_ one: Gated, _ opponent: LoopVersion, _ state: LoopState) async -> Suggestion {
        Suggestion(
            one.candidate, parent: opponent, iteration: iteration, recommendation: one.gate,
            isRecommended: one.isRecommended, examples: await examples(one.candidate, opponent, one.result, state))
    }

    /// What a person wrote is a version of its own, theirs, and is raced like any other; its race informs, the
    /// person has decided.
    private func edited(
        _ content: PromptContent, _ note: String, _ candidate: LoopVersion, _ opponent: LoopVersion,
        _ state: inout LoopState
    ) async throws -> Decided {
        let number = state.versions.count + 1
        let version = try await context.store.version(
            number: number, content: content, parent: opponent.version.id,
            message: note.isEmpty ? "edited by hand" : note)
        let mine = LoopVersion(
            version: version, number: number, parentID: opponent.version.id, iteration: iteration, status: .candidate,
            diff: PromptDiff.unified(from: opponent.version.content, to: content), note: note, edits: [],
            targetCriteria: candidate.targetCriteria)
        state.versions.append(mine)
        let results = try await RaceStep(context: context, state: state).run([mine], opponent: opponent, &state)
        let result = results[0]
        return settled(
            mine,
            LoopDecision(
                by: .person, reason: "edited and approved; \(result.reason)", delta: result.standing.mean,
                interval: result.interval, cases: result.cases.count, race: result.record), true, result)
    }

    /// The other models look at an accepted version on a few cases, and pairwise judges compare it with its
    /// opponent; either may veto.
    private func veto(
        _ candidate: LoopVersion, _ opponent: LoopVersion, _ result: RaceStep.Result,
        _ state: inout LoopState
    ) async throws -> String? {
        if let reason = try await otherModelsVeto(candidate, opponent, result, state) { return reason }
        let cases = context.cases.search.filter { result.cases.contains($0.key) }
        let pairwise = PairwiseStep(context: context)
        guard
            let record = try await pairwise.compare(
                candidate, with: opponent, on: cases, models: [context.primaryModel])
        else { return nil }
        let reason = PairwiseStep.veto(record, known: state.pairwise)
        state.pairwise.append(record)
        return reason
    }

    private func otherModelsVeto(
        _ candidate: LoopVersion, _ opponent: LoopVersion, _ result: RaceStep.Result, _ state: LoopState
    ) async throws -> String? {
        let others = context.modelNames.dropFirst()
        guard context.mode == .racing, !others.isEmpty else { return nil }
        let cases = Array(
            CaseOrder.race(
                context.cases.search, seed: context.definition.seed, iteration: iteration,
                avoiding: opponent.acceptanceCases, onlyFresh: false
            ).prefix(context.settings.vetoCases))
        let cells = cases.flatMap { place in
            others.flatMap { model in
                [candidate, opponent].map { Cell(version: $0.version, testCase: place.testCase, model: model) }
            }
        }
        try await context.shared.evaluate(cells, judges: context.searchJudge)
        let board = await context.scoreboard(state.ensemble)
        for model in others {
            let differences = cases.compactMap { place -> Double? in
                guard
                    let after = board.score(
                        candidate.version.id, on: place.testCase, models: [model], judges: context.searchJudge),
                    let before = board.score(
                        opponent.version.id, on: place.testCase, models: [model], judges: context.searchJudge)
                else { return nil }
                return after - before
            }
            guard !differences.isEmpty else { continue }
            let mean = differences.reduce(0, +) / Double(differences.count)
            if mean < context.settings.vetoBelow {
                return "vetoed: worse with \(model) (\(CaseStatistics.signed(mean)) on \(differences.count) cases)"
            }
        }
        return nil
    }

    private func examples(
        _ candidate: LoopVersion, _ opponent: LoopVersion, _ result: RaceStep.Result, _ state: LoopState
    ) async -> [Suggestion.CaseChange] {
        let board = await context.scoreboard(state.ensemble)
        var seen: Set<TestCase.ID> = []
        // Of a case that ran several times, the answers that differ most.
        let ordered = (result.record?.differences ?? []).sorted { abs($0.value) > abs($1.value) }
            .filter { seen.insert($0.testCase).inserted }.prefix(3)
        return ordered.compactMap { difference in
            guard let testCase = context.cases.search.first(where: { $0.id == difference.testCase }),
                let before = output(opponent, testCase, difference.replicate, board),
                let after = output(candidate, testCase, difference.replicate, board)
            else { return nil }
            return Suggestion.CaseChange(
                input: testCase.inputText, before: before, after: after, delta: difference.value)
        }
    }

    private func output(
        _ version: LoopVersion, _ testCase: TestCase, _ replicate: Int, _ board: Scoreboard
    ) -> String? {
        board.output(version.version.id, testCase, model: context.primaryModel, replicate: replicate)?.text
    }
}
