import EdisonCore
import EdisonDatasets
import EdisonEvaluation
import EdisonLLM
import EdisonPrompts

/// Looks for cases that the prompt fails, guided by a map of what is known: measure what is usual, ask for cases in gaps
/// and weak places, try them, keep what the rule lets through.
///
/// A function of the subject and the stored answers, like the loop: started again it takes the same way.
struct CaseGeneration: Sendable {
    let subject: GenerationSubject
    let evaluator: Evaluator
    let drafting: DraftingCalls
    let report: @Sendable (GenerationEvent) -> Void

    /// What changes from round to round.
    private struct State {
        var generation: Generation
        var map: CoverageMap
        var known: KnownInputs
        /// What the generator has written so far, and may be shown again.
        var written: [TestCase] = []
        var inARow = 0
        var errors: [String] = []
    }

    func run(count: Int) async throws -> Generation {
        let definition = subject.definition
        let criteria = definition.rubric.criteria.enumerated()
            .sorted {
                $0.element.weight != $1.element.weight ? $0.element.weight > $1.element.weight : $0.offset < $1.offset
            }
            .map(\.element.name)
        var state = State(
            generation: Generation(asked: count, version: subject.version, run: subject.run),
            map: CoverageMap(
                tags: subject.cases.search.flatMap(\.tags), criteria: criteria, seed: definition.seed),
            known: KnownInputs(subject.cases.search, withheld: subject.cases.holdout + subject.cases.reserve))
        do {
            let bar = try await measure(&state)
            try await search(&state, bar)
        } catch let error as EdisonError where error.code == .budgetExceeded {
            state.generation.end = .limit(StopReason.limitReached(error) ?? .budget)
        } catch is CancellationError {
            state.generation.end = .cancelled
        } catch let error as EdisonError {
            state.generation.end = .failed(error)
        }
        return state.generation
    }

    // MARK: - What is usual

    private func measure(_ state: inout State) async throws -> FailureBar {
        let search = subject.cases.search
        let complete = subject.complete(await scores)
        if subject.missingCases > 0 { report(.measuring(cases: subject.missingCases)) }
        let more = CaseOrder.coverage(
            search, taken: complete, count: subject.missingCases, seed: subject.definition.seed)
        try await evaluate(more)
        let scores = await scores
        for testCase in search { state.map.add(testCase, scores.outcome(testCase)) }
        let measured = subject.complete(scores)
        let values = measured.compactMap { scores.score($0) }
        guard let bar = FailureBar(scores: values, least: subject.definition.stop.minDelta) else {
            let why = measured.compactMap { scores.error($0) }.first.map { ": \($0)" } ?? ""
            throw EdisonError(.upstream, "The prompt has no score on known cases\(why).")
        }
        let clusters = Dictionary(grouping: measured, by: \.clusterKey).sorted { bytewise($0.key, $1.key) }
            .map { $0.value.compactMap { scores.score($0) } }
        let estimate = CaseStatistics.estimate(
            values: clusters, seed: DerivedSeed(subject.definition.seed, "bootstrap", "generation").value)
        state.generation.bar = bar
        state.generation.known = estimate
        if let estimate { report(.measured(estimate, bar: bar)) }
        return bar
    }

    // MARK: - Search

    private func search(_ state: inout State, _ bar: FailureBar) async throws {
        var round = 0
        while !isDone(&state) {
            let rows = try await ask(&state, round: round)
            round += 1
            if rows.isEmpty {
                for _ in 0..<Generation.cellsPerRound where !isDone(&state) { reject(.notWritten, &state) }
            }
            try await tryOut(rows, &state, bar)
        }
    }

    private func isDone(_ state: inout State) -> Bool {
        if state.generation.kept.count >= state.generation.asked {
            state.generation.end = .reached
            return true
        }
        guard state.inARow >= Generation.mostRejectedInARow else { return false }
        state.generation.end = .exhausted
        // Where every one of them lacks an answer or a judgment, the cases are not to blame.
        if state.errors.count >= Generation.mostRejectedInARow {
            state.generation.end = .failed(
                EdisonError(
                    .upstream, "None of the last \(state.errors.count) cases could be tried: \(state.errors[0]).",
                    detail: "Started again, it goes on from here."))
        }
        return true
    }

    private func ask(_ state: inout State, round: Int) async throws -> [TestCase?] {
        let cells = state.map.next(Generation.cellsPerRound)
        let contract = try TestCasesContract.adversarial(
            goal: subject.definition.goal, prompt: subject.version.content)
        let scores = await scores
        let neighbours = CaseNeighbours.nearest(
            to: cells, among: subject.cases.search, count: 20, seed: subject.definition.seed)
        let request = contract.request(
            coverage: JSONValue.array(cells.map(\.wanted)).text(),
            examples: .array(neighbours.prefix(3).map { example($0, scores) }),
            avoiding: neighbours + state.written.suffix(40))
        let answer = try await evaluator.gate.pass {
            try await drafting.ask(request, purpose: .generate, parts: [String(round)])
        }
        return Array(contract.cases(in: answer, kind: .adversarial).prefix(Generation.cellsPerRound)).map { testCase in
            testCase.map { testCase in
                var testCase = testCase
                testCase.id = testCase.idOfContent
                return testCase
            }
        }
    }

    private func example(_ testCase: TestCase, _ scores: SubjectScores) -> JSONValue {
        var object: JSONObject = [
            "input": .object(testCase.input), "tags": .array(testCase.tags.map { .string($0) }),
            "difficulty": .integer(Int64(testCase.difficulty)),
        ]
        object["expected"] = testCase.expected
        object["score"] = scores.score(testCase).map { .number(($0 * 1000).rounded() / 1000) }
        object["failed"] = scores.failure(testCase).map { .string($0) }
        return .object(object)
    }

    /// Decides on the rows in their order. Answers are asked for side by side, and no more than could still be kept.
    private func tryOut(_ rows: [TestCase?], _ state: inout State, _ bar: FailureBar) async throws {
        var usable: [TestCase?] = []
        var faults: [CaseVerdict.Rejection?] = []
        for row in rows {
            let fault: CaseVerdict.Rejection? =
                row.map { state.known.hasNear($0) ? .nearDuplicate : nil } ?? .missingVariables
            faults.append(fault)
            usable.append(fault == nil ? row : nil)
            if let row, fault == nil {
                state.known.add(row)
                state.written.append(row)
            }
        }
        var next = 0
        while next < rows.count, !isDone(&state) {
            let open = state.generation.asked - state.generation.kept.count
            let group = Array(usable[next...].compactMap(\.self).prefix(open))
            try await evaluate(group)
            let scores = await scores
            var waiting = group.count
            let before = state.generation.kept.count
            while next < rows.count, !isDone(&state) {
                if let fault = faults[next] {
                    reject(fault, &state)
                } else if waiting == 0 {
                    break
                } else if let testCase = usable[next] {
                    waiting -= 1
                    decide(testCase, scores, bar, &state)
                }
                next += 1
            }
            try await answerAgain(from: before, &state)
        }
    }

    private func decide(_ testCase: TestCase, _ scores: SubjectScores, _ bar: FailureBar, _ state: inout State) {
        guard scores.hasOutput(testCase) else {
            state.errors.append(scores.error(testCase) ?? "no answer")
            return reject(.noOutput, &state)
        }
        let failure = scores.failure(testCase)
        let gaps = state.map.gaps(filledBy: testCase, failure: failure)
        let verdict = CaseVerdict.of(
            score: scores.score(testCase), hasGateFailed: scores.hasGateFailed(testCase), bar: bar,
            fillsGap: !gaps.isEmpty)
        let cells = state.map.places(of: testCase).map { CoverageCell($0, failure: failure) }
        state.map.add(testCase, scores.outcome(testCase))
        if verdict == .rejected(.notJudged) { state.errors.append(scores.fault(testCase) ?? "no judge gave a score") }
        switch verdict {
        case .rejected(let rejection): reject(rejection, &state)
        case .kept(let reason):
            state.inARow = 0
            state.errors = []
            let kept = GeneratedCase(
                testCase: testCase, reason: reason, cells: cells, failure: failure,
                score: scores.score(testCase) ?? 0, output: scores.text(testCase),
                rationale: scores.rationale(testCase, failure))
            state.generation.kept.append(kept)
            report(.kept(kept, count: state.generation.kept.count, of: state.generation.asked))
        }
    }

    private func reject(_ rejection: CaseVerdict.Rejection, _ state: inout State) {
        if rejection != .noOutput, rejection != .notJudged { state.errors = [] }
        state.generation.rejected[rejection, default: 0] += 1
        state.inARow += 1
        report(.rejected(rejection, inARow: state.inARow))
    }

    // MARK: - Answers

    /// A second answer to what was kept: the first one chose the case.
    private func answerAgain(from index: Int, _ state: inout State) async throws {
        let fresh = state.generation.kept[index...].map(\.testCase)
        try await evaluate(fresh, replicate: 1)
        let scores = await scores
        for place in state.generation.kept.indices[index...] {
            state.generation.kept[place].secondScore = scores.score(
                state.generation.kept[place].testCase, replicate: 1)
        }
    }

    private func evaluate(_ cases: [TestCase], replicate: Int = 0) async throws {
        let cells = cases.flatMap { testCase in
            subject.definition.models.map { model in
                Cell(version: subject.version, testCase: testCase, model: model.name, replicate: replicate)
            }
        }
        try await evaluator.evaluate(cells, judges: Set(subject.definition.pointwiseJudges))
    }

    private var scores: SubjectScores {
        get async {
            let everything = await evaluator.memo.everything
            return SubjectScores(subject, outputs: everything.outputs, judgments: everything.judgments)
        }
    }
}
