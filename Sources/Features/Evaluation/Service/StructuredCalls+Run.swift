package import EdisonCore
package import EdisonLLM

extension StructuredCalls.Outcome {
    /// The reasoning field of the answer, after what was thought before it.
    package var reasoning: String? {
        let parts = thinking + [answer?["reasoning"]?.string].compactMap(\.self)
        let text = parts.filter { !$0.isEmpty }.joined(separator: "\n\n")
        return text.isEmpty ? nil : text
    }
}

extension StructuredCalls {
    /// A structured call of a run: keyed, seeded and counted by the run, in the way of thinking of its role.
    package func ask(
        _ request: StructuredRequest, run: EvaluationRun, model: RunModel, temperature: Double?,
        purpose: CallPurpose, parts: [String], seed: DerivedSeed,
        combine: @escaping @Sendable ([JSONValue]) -> JSONValue = { $0[0] }
    ) async throws -> Outcome {
        var parameters = model.parameters
        parameters.temperature = parameters.temperature ?? temperature
        let isDeterministic = parameters.temperature == 0
        return try await ask(
            request,
            in: Context(
                key: CallKey(scope: run.scope, purpose: purpose, parts: parts), reference: model.reference,
                parameters: parameters,
                seed: { attempt in
                    // A seed of the file's own stands above the derived one; a corrective attempt is another call.
                    model.seed.map { $0 + attempt } ?? DerivedSeed(seed.value, String(attempt)).providerSeed
                },
                budgets: run.budgets, caching: isDeterministic && [.judge, .scan].contains(purpose) ? .on : .off,
                tags: ["model": .string(model.name)]), thinking: model.thinking, combine: combine)
    }
}
