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
        /// Which turn of a conversation with itself, and which of several samples; both from 0.
        package var turn = 0
        package var sample = 0

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

        func attemptKey(_ attempt: Int) -> CallKey {
            key.appending(String(turn)).appending(String(sample)).appending(String(attempt))
        }

        /// The first turn of the first sample has the seed of the attempt alone, so that equal text is an equal call.
        func attemptSeed(_ attempt: Int) -> Int {
            let own = seed(attempt)
            if turn == 0, sample == 0 { return own }
            return DerivedSeed(UInt64(bitPattern: Int64(own)), "turn", String(turn), String(sample)).providerSeed
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
        /// What the model thought on the way, kept apart from the answer.
        package let thinking: [String]

        init(
            answer: JSONValue?, failure: String?, cost: Money?, results: [CallResult], thinking: [String] = []
        ) {
            self.answer = answer
            self.failure = failure
            self.cost = cost
            self.results = results
            self.thinking = thinking
        }
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
                    answer: nil, failure: result.failure?.description ?? "no answer",
                    cost: Self.sum(results.map(\.cost)), results: results)
            }
            switch Self.read(response, request) {
            case .success(let answer):
                return Outcome(
                    answer: answer, failure: nil, cost: Self.sum(results.map(\.cost)), results: results,
                    thinking: [response.reasoning].compactMap(\.self))
            case .failure(let fault):
                failure = fault.description
                messages.append(.assistant(response.text.isEmpty ? "(no text)" : response.text))
                messages.append(.user(Self.correction(fault)))
            }
        }
        return Outcome(answer: nil, failure: failure, cost: Self.sum(results.map(\.cost)), results: results)
    }

    private func call(
        _ request: StructuredRequest, _ messages: [Message], _ attempt: Int, _ context: Context
    ) -> ModelCall {
        ModelCall(
            key: context.attemptKey(attempt), reference: context.reference,
            request: ModelRequest(
                model: context.reference.model, messages: messages, parameters: context.parameters,
                seed: context.attemptSeed(attempt), responseFormat: .schema(request.schema)),
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
        let other = request.otherForm.flatMap { $0(text) }
        guard let check = request.check, let answer = StructuredAnswer.json(in: text, fitting: schema) ?? other else {
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
}
