package import EdisonCore
import EdisonDatasets
package import EdisonLLM
import EdisonPrompts

/// Runs cells and has them judged: finds what is missing and does only that.
package struct Evaluator: Sendable {
    package let run: EvaluationRun
    package let calls: StructuredCalls
    package let memo: EvaluationMemo
    package let store: any EvaluationRecord
    package let gate: ConcurrencyGate
    package let ids: IDSource
    /// Whether a failure counts as an answer. Not in a process that only takes part in a run: what it cannot reach,
    /// another one may.
    package let recordsFailures: Bool

    /// For each call that may be under way so many cells have begun: enough that calls always wait for a free place, and
    /// few beside the tens of thousands that a run may have, each of which would hold memory until its turn.
    private static let begun = 4

    package init(
        run: EvaluationRun, calls: StructuredCalls, memo: EvaluationMemo, store: any EvaluationRecord,
        gate: ConcurrencyGate, ids: IDSource = .random, recordsFailures: Bool = true
    ) {
        self.recordsFailures = recordsFailures
        self.run = run
        self.calls = calls
        self.memo = memo
        self.store = store
        self.gate = gate
        self.ids = ids
    }

    /// Brings every cell to an output, and every output to a judgment by each of the named judges, and to
    /// a safety scan where the run has a scanner.
    ///
    /// Returns when all are terminal: answered, failed or invalid. Throws when the budget or the person stops it.
    ///
    /// - Parameter executed: called when the last output is there, which is before the last judgment.
    package func evaluate(
        _ cells: [Cell], judges: Set<String>, executed: @escaping @Sendable () async throws -> Void = {}
    ) async throws {
        var seen: Set<OutputKey> = []
        let unique = cells.filter { seen.insert($0.key).inserted }
        if unique.isEmpty { return try await executed() }
        let open = Countdown(unique.count, executed)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for (index, cell) in unique.enumerated() {
                if index >= Self.begun * gate.width { try await group.next() }
                group.addTask { try await evaluate(cell, judges: judges, open) }
            }
            try await group.waitForAll()
        }
    }

    private func evaluate(_ cell: Cell, judges: Set<String>, _ open: Countdown) async throws {
        let output = try await output(of: cell)
        try await open.count()
        let open = run.judges.filter { $0.judge.mode == .pointwise && judges.contains($0.judge.name) }
        if open.isEmpty, run.scanner == nil { return }
        try await withThrowingTaskGroup(of: Void.self) { group in
            if let scanner = run.scanner {
                for text in await unscanned(cell, output) { group.addTask { try await scan(text, by: scanner) } }
            }
            guard let text = output.text else { return try await group.waitForAll() }
            for judge in open where await memo.judgment(of: output.id, by: judge.judge.name) == nil {
                group.addTask { try await self.judge(output, text: text, cell: cell, by: judge) }
            }
            try await group.waitForAll()
        }
    }

    private func output(of cell: Cell) async throws -> Output {
        if let known = await memo.output(cell.key) { return known }
        guard let model = run.models.first(where: { $0.name == cell.model }) else {
            throw EdisonError(.internal, "The run has no model \"\(cell.model)\".")
        }
        let call = try executionCall(cell, model)
        let result = try await gate.pass { try await calls.models.perform(call) }
        try require(result)
        let output = Output(
            id: ids.next(), key: cell.key, text: result.response.flatMap { $0.text.isEmpty ? nil : $0.text },
            error: result.failure?.description ?? (result.response?.text.isEmpty == true ? "the answer is empty" : nil),
            cached: result.cached, inputTokens: result.usage?.input ?? 0, outputTokens: result.usage?.output ?? 0,
            cost: result.cost, latency: result.latency)
        let stored = try await store.record(output, of: cell)
        await memo.add(stored)
        return stored
    }

    private func require(_ result: CallResult) throws {
        guard !recordsFailures, let failure = result.failure else { return }
        throw EdisonError(.upstream, "\(failure)", underlying: failure)
    }

    private func executionCall(_ cell: Cell, _ model: RunModel) throws -> ModelCall {
        let seed = DerivedSeed(
            run.seed, "execute", cell.testCase.key, cell.version.versionHash.text, model.identity.text(.canonical),
            String(cell.replicate))
        var parameters = model.parameters
        if model.reference.endpoint.kind.takesCaseInput { parameters.extra["input"] = .object(cell.testCase.input) }
        let request = ModelRequest(
            model: model.reference.model,
            messages: try PromptRenderer.messages(cell.version.content, input: cell.testCase.input),
            parameters: parameters, seed: model.seed ?? seed.providerSeed,
            tools: PromptRenderer.tools(cell.version.content))
        return ModelCall(
            key: CallKey(
                scope: run.scope, purpose: .execute,
                parts: [
                    cell.version.id.text, cell.testCase.id.text, model.identity.text(.canonical), model.name,
                    String(cell.replicate),
                ]),
            reference: model.reference, request: request, budgets: run.budgets,
            caching: model.cache ? .on : .off, sample: cell.replicate,
            tags: [
                "version": .string(cell.version.id.text), "case": .string(cell.testCase.id.text),
                "model": .string(model.name),
            ])
    }

    private func judge(_ output: Output, text: String, cell: Cell, by judge: RunJudge) async throws {
        let contract = JudgmentContract(goal: run.goal, rubric: run.rubric, prompt: cell.version.content.shownText)
        let request = try contract.request(judge: judge.judge, case: cell.judged, output: text)
        let outcome = try await gate.pass {
            try await calls.ask(
                request, run: run, model: judge.model, temperature: judge.judge.temperature, purpose: .judge,
                parts: cell.callParts + [judge.judge.name], seed: run.judgeSeed(judge.judge),
                combine: { SampleAgreement.judgment($0, rubric: contract.rubric) })
        }
        if let last = outcome.results.last { try require(last) }
        let answer = outcome.answer
        let judgment = Judgment(
            id: ids.next(), outputID: output.id, judge: judge.judge.name, mode: .pointwise,
            scores: answer.map { contract.scores(in: $0) } ?? [:],
            rationales: answer.map { JudgmentContract.rationales(in: $0) } ?? [:],
            flags: SafetyFlags(json: answer?["safety_flags"]),
            suggestions: answer.map { JudgmentContract.suggestions(in: $0) } ?? [],
            reasoning: outcome.reasoning, valid: answer != nil, invalidReason: outcome.failure,
            cost: outcome.cost)
        try await store.record(judgment)
        await memo.add(judgment)
    }
}

extension Cell {
    var judged: JudgedCase { JudgedCase(input: .object(testCase.input), expected: testCase.expected) }
    var callParts: [String] { [version.id.text, testCase.id.text, model, String(replicate)] }
}
