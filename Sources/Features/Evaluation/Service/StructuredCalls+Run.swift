package import EdisonCore
package import EdisonLLM

extension StructuredCalls {
    /// A structured call of a run: keyed, seeded and counted by the run.
    package func ask(
        _ request: StructuredRequest, run: EvaluationRun, model: RunModel, temperature: Double?,
        purpose: CallPurpose, parts: [String], seed: DerivedSeed
    ) async throws -> Outcome {
        var parameters = model.parameters
        parameters.temperature = parameters.temperature ?? temperature
        let isDeterministic = parameters.temperature == 0
        return try await ask(
            request,
            in: Context(
                key: CallKey(scope: run.scope, purpose: purpose, parts: parts), reference: model.reference,
                parameters: parameters,
                seed: { attempt in DerivedSeed(seed.value, String(attempt)).providerSeed },
                budgets: run.budgets, caching: isDeterministic && purpose == .judge ? .on : .off,
                tags: ["model": .string(model.name)]))
    }
}
