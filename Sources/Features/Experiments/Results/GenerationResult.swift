package import EdisonCore
import EdisonDatasets
import EdisonEvaluation
package import EdisonLLM
import EdisonPrompts

/// All that a search for harder cases found, in the form of its JSON file.
package struct GenerationResult: Sendable {
    package let generation: Generation
    package let totals: LedgerTotals
    private let definition: ExperimentDefinition

    package init(_ generation: Generation, totals: LedgerTotals, definition: ExperimentDefinition) {
        self.generation = generation
        self.totals = totals
        self.definition = definition
    }

    /// The cases that are written: all kept ones that no person has dropped.
    package var cases: [GeneratedCase] { generation.kept.filter { $0.decision != .dropped } }

    /// The mean of the second answers, with its interval.
    package var second: Estimate? {
        CaseStatistics.estimate(
            values: generation.secondScores.map { [$0] },
            seed: DerivedSeed(definition.seed, "bootstrap", "generated").value)
    }

    package var text: String { JSONValue.object(json).text(.pretty) + "\n" }

    package var json: JSONObject {
        let rejections = CaseVerdict.Rejection.allCases.map { rejection in
            (rejection.rawValue, JSONValue.integer(Int64(generation.rejected[rejection, default: 0])))
        }
        var json: JSONObject = [
            "name": .string(definition.name), "goal": .string(definition.goal),
            "seed": .integer(Int64(bitPattern: definition.seed)), "experiment_id": JSONValue(generation.run?.text),
            "version": [
                "id": .string(generation.version.id.text), "number": .integer(Int64(generation.version.number)),
                "version_hash": .string(generation.version.versionHash.text),
                "content": generation.version.content.json,
            ],
            "stop_reason": .string(generation.end.word), "error": JSONValue(generation.end.message),
            "asked": .integer(Int64(generation.asked)), "kept": .integer(Int64(generation.kept.count)),
            "rejected": .object(JSONObject(rejections)), "written": .integer(Int64(cases.count)),
            "confirmed": .integer(Int64(cases.count { $0.testCase.isConfirmed })),
            "lowered": .integer(Int64(generation.lowered)),
            "measured": .integer(Int64(generation.secondScores.count)), "known": generation.known?.json ?? .null,
            "fails_below": JSONValue(generation.bar?.value), "new": second?.json ?? .null,
            "cases": .array(generation.kept.map(json)), "calls": totals.callsJSON,
            "cost_usd": totals.cost?.json ?? .null, "costs": totals.costsJSON,
            "unconfirmed_usd": totals.unconfirmed.json,
            "unknown_prices": .array(totals.unknownPrices.map { .string($0) }),
            "tokens": [
                "input": .integer(Int64(totals.inputTokens)), "output": .integer(Int64(totals.outputTokens)),
            ],
        ]
        for (key, value) in totals.overrunJSON.members { json[key] = value }
        return json
    }

    private func json(_ kept: GeneratedCase) -> JSONValue {
        let testCase = kept.testCase
        return [
            "input": .object(testCase.input), "expected": testCase.expected ?? .null,
            "tags": .array(testCase.tags.map { .string($0) }), "difficulty": .integer(Int64(testCase.difficulty)),
            "language": JSONValue(testCase.language), "confirmed": .bool(testCase.isConfirmed),
            "decision": .string(kept.decision.rawValue), "reason": .string(kept.reason.rawValue),
            "failure": JSONValue(kept.failure), "cells": .array(kept.cells.map(\.json)),
            "score": .number(kept.score), "second_score": JSONValue(kept.secondScore),
            "output": .string(kept.output), "rationale": .string(kept.rationale),
        ]
    }
}

extension Generation.End {
    /// One word for programs.
    package var word: String {
        switch self {
        case .reached: "count"
        case .exhausted: "rejected"
        case .limit(let reason): reason.rawValue
        case .cancelled: StopReason.cancelled.rawValue
        case .failed: StopReason.errors.rawValue
        }
    }

    var message: String? {
        if case .failed(let error) = self { error.description } else { nil }
    }
}
