package import EdisonCore
import EdisonDatasets
import EdisonEvaluation
package import EdisonLLM
import EdisonPrompts

/// Writes a run down by the contract of the result file.
package struct ResultBuilder: Sendable {
    let context: RunContext
    let totals: LedgerTotals
    let duration: Duration
    let failure: EdisonError?

    package init(context: RunContext, totals: LedgerTotals, duration: Duration, failure: EdisonError? = nil) {
        self.context = context
        self.totals = totals
        self.duration = duration
        self.failure = failure
    }

    /// - Parameter outcome: nil when the run was interrupted.
    package func result(
        _ outcome: RunOutcome?, status: ExperimentStatus, stopReason: StopReason?
    ) async throws -> RunResult {
        let everything = await context.evaluator.memo.everything
        let state = outcome?.state ?? context.progress.state
        var json = JSONObject()
        json["experiment"] = definition
        json["seed"] = .integer(Int64(bitPattern: context.definition.seed))
        json["status"] = .string(status.rawValue)
        json["stop_reason"] = JSONValue(stopReason?.rawValue)
        if outcome?.isKeptForTest == true { json["kept_for_test"] = true }
        if stopReason == .budget { json["stopped_by"] = context.progress.stoppingBudget?.json }
        json["verdict"] = JSONValue((outcome?.verdict ?? nil).map(\.rawValue))
        json["verdict_reason"] = JSONValue(outcome?.verdictReason)
        json["error"] = failure.map { .string($0.description) }
        json["versions"] = .array((state?.versions ?? []).map(version))
        json["first_version_id"] = JSONValue(state?.first.version.id.text)
        json["best_version_id"] = JSONValue(outcome?.best.text ?? state?.incumbent.text)
        let iterations = try await context.store.iterations()
        json["iterations"] = .array(iterations)
        // A limit may end a run inside an iteration, before it has figures.
        json["composite"] =
            iterations.last { $0["metrics"]?["composite"]?.object != nil }?["metrics"]?["composite"] ?? .null
        json["holdout"] = (outcome?.holdout).map(holdout) ?? .null
        if let variants = outcome?.variants, variants != [] { json["variants"] = variants }
        let safety = SafetyJSON(scanner: context.run.scanner, scans: await context.evaluator.memo.allScans)
        json["outputs"] = .array(inOrder(everything.outputs, by: \.id).map { safety.adding(to: output($0), $0) })
        json["scores"] = await scores(everything.outputs, state)
        json["judgments"] = .array(inOrder(everything.judgments, by: \.id).map(judgment))
        json["judge_weights"] = state?.ensemble.weightsJSON ?? [:]
        json["judge_offsets"] = state?.ensemble.offsetsJSON ?? [:]
        json["agreement"] = await agreement(state)
        json["pairwise"] = PairwiseJSON(records: state?.pairwise ?? []).json
        json["cases"] = .array(context.definition.cases.map { safety.adding(to: testCase($0), $0) })
        json["safety"] = safety.summary(outputs: everything.outputs, cases: context.definition.cases)
        json["calls"] = totals.callsJSON
        json["cached_calls"] = .integer(Int64(totals.cached))
        json["cost_usd"] = totals.cost?.json ?? .null
        json["costs"] = totals.costsJSON
        json["unconfirmed_usd"] = totals.unconfirmed.json
        for (key, value) in totals.overrunJSON.members { json[key] = value }
        json["unknown_prices"] = .array(totals.unknownPrices.map { .string($0) })
        json["tokens"] = [
            "input": .integer(Int64(totals.inputTokens)), "output": .integer(Int64(totals.outputTokens)),
        ]
        json["duration_ms"] = .integer(Int64(duration.microseconds / 1000))
        return RunResult(json: json)
    }

    /// With the limits that held, where another process that took part has lowered them.
    private var definition: JSONValue {
        var definition = context.definition
        if let budget = totals.budget {
            definition.stop.maxBudget = budget.limit
            definition.stop.maxTokens = budget.tokens
            definition.stop.maxCalls = budget.calls
        }
        return definition.json
    }

    private func version(_ version: LoopVersion) -> JSONValue {
        [
            "id": .string(version.version.id.text), "number": .integer(Int64(version.number)),
            "parent_id": JSONValue(version.parentID?.text), "status": .string(version.status.rawValue),
            "iteration": .integer(Int64(version.iteration)),
            "version_hash": .string(version.version.versionHash.text),
            "text": .string(version.version.content.text), "system_text": JSONValue(version.version.content.systemText),
            "content": version.version.content.json,
            "diff": .string(version.diff), "note": .string(version.note),
            "claims": .array(version.edits.map { .string($0.claim) }), "edits": .array(version.edits.map(\.json)),
            "target_criteria": .array(version.targetCriteria.map { .string($0) }),
            "decision": version.decision.map(decision) ?? .null,
            "created_at": .string(version.version.createdAt.rfc3339),
        ]
    }

    private func decision(_ decision: LoopDecision) -> JSONValue {
        var object: JSONObject = [
            "by": .string(decision.by.rawValue), "reason": .string(decision.reason),
            "delta": JSONValue(decision.delta), "interval": decision.interval.json,
            "cases": .integer(Int64(decision.cases)),
        ]
        for (key, value) in decision.race?.json ?? [:] { object[key] = value }
        return .object(object)
    }

    private func holdout(_ result: HoldoutResult) -> JSONValue {
        [
            "version_id": .string(result.version.text), "baseline_version_id": .string(result.baseline.text),
            "first": JSONValue(result.first), "best": JSONValue(result.best),
            "difference": JSONValue(result.difference), "interval": result.interval.json, "level": 0.95,
            "cases": .integer(Int64(result.cases)), "method": .string(result.method),
            "coverage": .number(result.coverage), "promoted": .bool(result.isPromoted), "corrected": .null,
            "judges": .array(result.judges.map { .string($0) }),
            "finalists": .array(result.finalists.map(\.json)),
            "earlier_tests": .integer(Int64(result.earlierTests)),
            "repeats": .integer(Int64(result.repeats)),
            "facets": .object(JSONObject(result.facets.map { ($0.facet, $0.json) })),
        ]
    }

    private func output(_ output: Output) -> JSONValue {
        let split = context.cases.splits[TestCase.ID(output.key.caseID)] ?? .search
        return [
            "id": .string(output.id.text), "version_id": .string(output.key.version),
            "case_id": .string(output.key.caseID), "model": .string(output.key.model),
            "replicate": .integer(Int64(output.key.replicate)), "split": .string(split.rawValue),
            "text": JSONValue(output.text), "error": JSONValue(output.error), "cached": .bool(output.cached),
            "input_tokens": .integer(Int64(output.inputTokens)), "output_tokens": .integer(Int64(output.outputTokens)),
            "cost_usd": output.cost?.json ?? .null, "latency_ms": .integer(Int64(output.latency.microseconds / 1000)),
        ]
    }

    private func judgment(_ judgment: Judgment) -> JSONValue {
        [
            "id": .string(judgment.id.text), "output_id": .string(judgment.outputID.text),
            "other_output_id": JSONValue(judgment.otherOutputID?.text), "judge": .string(judgment.judge),
            "mode": .string(judgment.mode.rawValue), "order": .integer(Int64(judgment.order)),
            "scores": judgment.scoresJSON, "rationales": judgment.rationalesJSON,
            "winner": JSONValue(judgment.winner?.rawValue), "flags": judgment.flags.json,
            "suggestions": judgment.suggestionsJSON, "valid": .bool(judgment.valid),
            "invalid_reason": JSONValue(judgment.invalidReason), "cost_usd": judgment.cost?.json ?? .null,
        ]
    }

    private func testCase(_ testCase: TestCase) -> JSONValue {
        [
            "id": .string(testCase.id.text),
            "split": .string((context.cases.splits[testCase.id] ?? .search).rawValue),
            "cluster": .string(testCase.cluster ?? testCase.id.text),
            "tags": .array(testCase.tags.map { .string($0) }), "kind": .string(testCase.kind.rawValue),
            "difficulty": .integer(Int64(testCase.difficulty)), "input": .object(testCase.input),
            "expected": testCase.expected ?? .null, "checks": .array(testCase.checks),
        ]
    }

    /// The score of each output under the final weights of the judges: what every mean is made of.
    private func scores(_ outputs: [Output], _ state: LoopState?) async -> JSONValue {
        let board = await context.scoreboard(state?.ensemble ?? .equal(context.pointwiseJudges))
        let cases = Dictionary(
            context.definition.cases.map { ($0.id.text, $0) }, uniquingKeysWith: { first, _ in first })
        return .array(
            inOrder(outputs, by: \.id).map { output in
                let testCase = cases[output.key.caseID]
                let checks = testCase.map { board.checks(of: output, on: $0) } ?? [:]
                return [
                    "output_id": .string(output.id.text),
                    "score": JSONValue(testCase.flatMap { board.score(of: output, on: $0) }),
                    "checks": .object(JSONObject(checks.sorted { $0.key < $1.key }.map { ($0.key, .bool($0.value)) })),
                    "expected_match": JSONValue(testCase.flatMap { board.match(of: output, on: $0) }),
                    "own_checks": JSONValue(testCase.flatMap { board.ownChecks(of: output, on: $0) }),
                ]
            })
    }

    private func agreement(_ state: LoopState?) async -> JSONValue {
        guard let state else { return [:] }
        return JudgeReliability(context: context, board: await context.scoreboard(state.ensemble), state: state).json
    }

    /// Sorts places, each of which is moved many times, and not what stands there.
    private func inOrder<Element, Key: Comparable>(_ elements: [Element], by key: (Element) -> Key) -> [Element] {
        zip(elements.map(key), elements.indices).sorted { $0.0 < $1.0 }.map { elements[$0.1] }
    }
}
