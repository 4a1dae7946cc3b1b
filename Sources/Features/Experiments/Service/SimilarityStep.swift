import EdisonCore
import EdisonDatasets
import EdisonEvaluation
import EdisonLLM
import EdisonPrompts

/// Measures how near outputs are in meaning to what is expected of them: the cosine of their vectors.
///
/// Its calls are made once, like all others: a run that goes on finds them by their keys.
struct SimilarityStep: Sendable {
    let context: RunContext

    /// Does nothing unless the run compares by meaning. An output whose vectors did not come has no similarity.
    func measure(_ versions: [LoopVersion], on cases: [TestCase]) async throws {
        guard let compare = context.definition.compare, compare.kind == .semantic, let model = compare.embedding
        else { return }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for version in versions {
                for testCase in cases {
                    for name in context.modelNames {
                        for replicate in context.replicates {
                            let cell = Cell(
                                version: version.version, testCase: testCase, model: name, replicate: replicate)
                            group.addTask { try await measure(cell, by: model) }
                        }
                    }
                }
            }
            try await group.waitForAll()
        }
    }

    private func measure(_ cell: Cell, by model: RunModel) async throws {
        let memo = context.evaluator.memo
        guard let expected = cell.testCase.expected, let output = await memo.output(cell.key), let text = output.text,
            await memo.similarity(of: output.id) == nil
        else { return }
        let call = ModelCall(
            key: CallKey(
                scope: context.run.scope, purpose: .embed,
                parts: [
                    cell.version.id.text, cell.testCase.id.text, cell.model, String(cell.replicate), model.name,
                ]),
            reference: model.reference,
            request: ModelRequest(
                model: model.reference.model, messages: [.user(text), .user(expected.string ?? expected.text())],
                responseFormat: .vectors), budgets: context.run.budgets, tags: ["model": .string(model.name)])
        let result = try await context.evaluator.gate.pass { try await context.calls.models.perform(call) }
        guard let vectors = (result.response?.text).flatMap({ try? JSONValue(parsing: $0) })?.array, vectors.count == 2,
            let cosine = Self.cosine(vectors[0], vectors[1])
        else { return }
        await memo.add(similarity: min(1, max(0, cosine)), of: output.id)
    }

    /// nil for vectors of different lengths or without one.
    static func cosine(_ left: JSONValue, _ right: JSONValue) -> Double? {
        let a = (left.array ?? []).compactMap(\.double)
        let b = (right.array ?? []).compactMap(\.double)
        guard a.count == b.count, !a.isEmpty else { return nil }
        let product = zip(a, b).reduce(0) { $0 + $1.0 * $1.1 }
        let lengths = (a.reduce(0) { $0 + $1 * $1 } * b.reduce(0) { $0 + $1 * $1 }).squareRoot()
        return lengths > 0 ? product / lengths : nil
    }
}
