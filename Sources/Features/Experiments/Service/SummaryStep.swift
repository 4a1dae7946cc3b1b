import EdisonCore
import EdisonEvaluation
import EdisonLLM
import EdisonPrompts
import EdisonResources

/// Asks for the words in which a person is told what an iteration brought.
struct SummaryStep: Sendable {
    let context: RunContext

    /// nil when the model gave no usable answer: a missing summary stops nothing.
    ///
    /// - Parameter incumbent: the version that the loop goes on with.
    func summarise(
        _ record: IterationRecord, decided: [LoopVersion], incumbent: PromptVersion.ID, evidence: RefinerEvidence
    ) async throws -> JSONValue? {
        guard var refiner = context.definition.refiner else { return nil }
        // Words for a person need no samples and no turns.
        refiner.thinking = .direct
        let writer = refiner
        let edits = JSONValue.array(
            decided.map { version in
                [
                    "version": .integer(Int64(version.number)), "status": .string(version.status.rawValue),
                    "incumbent": .bool(version.version.id == incumbent),
                    "diff": .string(version.diff), "reason": .string(version.decision?.reason ?? ""),
                    "note": .string(version.note),
                ]
            })
        let request = StructuredRequest(
            schema: Self.schema, instructions: try Asset.text("Experiments/Prompts/summary.txt"),
            sections: [
                TaggedSection("goal", context.definition.goal),
                TaggedSection("scores", (record.metrics?.json ?? .null).text(.pretty)),
                TaggedSection("failures", evidence.failures.text(.pretty)),
                TaggedSection("edit", edits.text(.pretty)),
            ], check: { $0["headline"]?.string == nil ? ["\"headline\" is missing"] : [] })
        let seed = DerivedSeed(context.definition.seed, "summary", String(record.number))
        let outcome = try await context.evaluator.gate.pass {
            try await context.calls.ask(
                request, run: context.run, model: writer, temperature: 1, purpose: .summary,
                parts: [String(record.number)], seed: seed)
        }
        guard let answer = outcome.answer else {
            try await context.calls.models.letFailuresStand(scope: context.run.scope, purpose: .summary)
            return nil
        }
        return [
            "headline": .string(String((answer["headline"]?.string ?? "").prefix(120))),
            "summary": .string(String((answer["summary"]?.string ?? "").prefix(1_200))),
            "risks": answer["risks"] ?? [],
        ]
    }

    private static let schema = ResponseSchema(
        name: "summary",
        schema: .schemaObject(
            title: "summary",
            [
                "headline": ["type": "string"], "summary": ["type": "string"],
                "risks": ["type": "array", "items": ["type": "string"]],
            ]))
}
