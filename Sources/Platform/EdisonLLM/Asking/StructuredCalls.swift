package import EdisonCore

/// Structured calls over the one call path: a tolerant reading, one corrective retry, then a recorded failure.
package struct StructuredCalls: Sendable {
    package let models: ModelCalls

    package init(models: ModelCalls) { self.models = models }

    /// Who is asked, and what the call is counted under.
    package struct Context: Sendable {
        package var key: CallKey
        package var reference: ModelReference
        package var parameters: ModelParameters
        /// The seed of the n-th attempt, the first being 0.
        package var seed: @Sendable (Int) -> Int
        package var budgets: [Budget.ID]
        package var caching: CachePolicy
        package var tenant: String
        package var tags: JSONObject

        package init(
            key: CallKey, reference: ModelReference, parameters: ModelParameters,
            seed: @escaping @Sendable (Int) -> Int, budgets: [Budget.ID], caching: CachePolicy, tenant: String = "",
            tags: JSONObject = [:]
        ) {
            self.key = key
            self.reference = reference
            self.parameters = parameters
            self.seed = seed
            self.budgets = budgets
            self.caching = caching
            self.tenant = tenant
            self.tags = tags
        }
    }

    package struct Outcome: Sendable {
        /// nil: no usable answer came.
        package let answer: JSONValue?
        /// Why there is none.
        package let failure: String?
        /// Of both attempts; nil = unknown.
        package let cost: Money?
        package let results: [CallResult]
    }

    /// Asks, and if the answer breaks the schema or the rules asks once more, showing the model its own answer and
    /// what is wrong with it.
    package func ask(_ request: StructuredRequest, in context: Context) async throws -> Outcome {
        var messages = request.messages
        var results: [CallResult] = []
        var failure = ""
        for attempt in 0..<2 {
            let result = try await models.perform(call(request, messages, attempt, context))
            results.append(result)
            guard let response = result.response else {
                return Outcome(
                    answer: nil, failure: result.failure?.description ?? "no answer", cost: cost(results),
                    results: results)
            }
            switch Self.read(response, request) {
            case .success(let answer):
                return Outcome(answer: answer, failure: nil, cost: cost(results), results: results)
            case .failure(let fault):
                failure = fault.description
                messages.append(.assistant(response.text.isEmpty ? "(no text)" : response.text))
                messages.append(.user(Self.correction(fault)))
            }
        }
        return Outcome(answer: nil, failure: failure, cost: cost(results), results: results)
    }

    private func call(
        _ request: StructuredRequest, _ messages: [Message], _ attempt: Int, _ context: Context
    ) -> ModelCall {
        ModelCall(
            key: context.key.appending(String(attempt)), reference: context.reference,
            request: ModelRequest(
                model: context.reference.model, messages: messages, parameters: context.parameters,
                seed: context.seed(attempt), responseFormat: .schema(request.schema)),
            budgets: context.budgets, caching: context.caching, tenant: context.tenant, tags: context.tags)
    }

    private static func read(
        _ response: ModelResponse, _ request: StructuredRequest
    ) -> Result<JSONValue, StructuredAnswer.Fault> {
        switch checked(response.text, request) {
        case .success(let answer): .success(answer)
        case .failure(let fault) where response.finishReason == .length:
            .failure(StructuredAnswer.Fault(description: "\(fault) (it was cut at the limit of tokens)"))
        case .failure(let fault): .failure(fault)
        }
    }

    private static func checked(
        _ text: String, _ request: StructuredRequest
    ) -> Result<JSONValue, StructuredAnswer.Fault> {
        let schema = JSONSchema(request.schema.schema)
        guard let check = request.check, let answer = StructuredAnswer.json(in: text, fitting: schema) else {
            return StructuredAnswer.read(text, schema)
        }
        let faults = check(answer)
        return faults.isEmpty
            ? .success(answer) : .failure(StructuredAnswer.Fault(description: faults.joined(separator: "; ")))
    }

    private static func correction(_ fault: StructuredAnswer.Fault) -> String {
        """
        This answer cannot be used: \(fault).
        Answer again with one JSON object that follows the schema and mends exactly this. No other text.
        """
    }

    private func cost(_ results: [CallResult]) -> Money? {
        results.reduce(Money.zero) { sum, result in
            guard let sum, let cost = result.cost else { return nil }
            return sum + cost
        }
    }
}
