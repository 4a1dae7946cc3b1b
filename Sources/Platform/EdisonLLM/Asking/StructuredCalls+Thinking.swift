package import EdisonCore

extension StructuredCalls {
    /// Asks in the way of thinking that the role has.
    ///
    /// - Parameter combine: one answer of several usable ones, for `self-consistency`; never called with none.
    package func ask(
        _ request: StructuredRequest, in context: Context, thinking: Thinking,
        combine: @escaping @Sendable ([JSONValue]) -> JSONValue = { $0[0] }
    ) async throws -> Outcome {
        switch thinking {
        case .direct, .reason: return try await ask(request, in: context)
        case .native:
            var context = context
            context.parameters.reasoningEffort = context.parameters.reasoningEffort ?? "medium"
            return try await ask(request, in: context)
        case .selfConsistency: return try await sampled(request, context, combine)
        case .sequential: return try await inTurns(request, context)
        }
    }

    /// The samples are made one after the other: what runs beside each other is the caller's to bound.
    private func sampled(
        _ request: StructuredRequest, _ context: Context, _ combine: ([JSONValue]) -> JSONValue
    ) async throws -> Outcome {
        var outcomes: [Outcome] = []
        for sample in 0..<Thinking.samples {
            var own = context
            own.sample = sample
            own.caching = .off
            if (own.parameters.temperature ?? 1) == 0 { own.parameters.temperature = Thinking.sampleTemperature }
            outcomes.append(try await ask(request, in: own))
        }
        let answers = outcomes.compactMap(\.answer)
        return Outcome(
            answer: answers.isEmpty ? nil : combine(answers),
            failure: answers.isEmpty ? outcomes.compactMap(\.failure).first : nil, cost: Self.sum(outcomes.map(\.cost)),
            results: outcomes.flatMap(\.results), thinking: outcomes.flatMap(\.thinking))
    }

    private func inTurns(_ request: StructuredRequest, _ context: Context) async throws -> Outcome {
        var context = context
        var notes: [TaggedSection] = []
        var results: [CallResult] = []
        for (turn, step) in Self.steps.enumerated() {
            context.turn = turn
            var asked = request
            asked.sections += notes
            asked.instructions += "\n\n\(step.words)"
            if step.isAnswer {
                let outcome = try await ask(asked, in: context)
                results += outcome.results
                if turn == Self.steps.count - 1 || outcome.answer == nil {
                    return Outcome(
                        answer: outcome.answer, failure: outcome.failure, cost: Self.sum(results.map(\.cost)),
                        results: results, thinking: notes.map(\.content) + outcome.thinking)
                }
                notes.append(TaggedSection(step.tag, outcome.answer?.text(.pretty) ?? ""))
            } else {
                let result = try await models.perform(plain(asked, context))
                results.append(result)
                guard let response = result.response else {
                    return Outcome(
                        answer: nil, failure: result.failure?.description ?? "no answer",
                        cost: Self.sum(results.map(\.cost)), results: results, thinking: notes.map(\.content))
                }
                notes.append(TaggedSection(step.tag, response.text))
            }
        }
        return Outcome(answer: nil, failure: "no answer", cost: Self.sum(results.map(\.cost)), results: results)
    }

    private struct Step {
        let tag: String
        let isAnswer: Bool
        let words: String
    }

    private static let steps = [
        Step(
            tag: "analysis", isAnswer: false,
            words: "This is the first of four steps: analyse what is asked and what matters. Plain text, no answer yet."
        ),
        Step(
            tag: "draft", isAnswer: true, words: "This is the second of four steps: answer, with the analysis in view."),
        Step(
            tag: "critique", isAnswer: false,
            words: "This is the third of four steps: say what is wrong or weak in the draft. Plain text, no answer yet."
        ),
        Step(
            tag: "revision", isAnswer: true,
            words:
                "This is the last of four steps: give the final answer, the draft mended where the critique is right."),
    ]

    /// A turn whose answer is for the model itself: no schema.
    private func plain(_ request: StructuredRequest, _ context: Context) -> ModelCall {
        ModelCall(
            key: context.attemptKey(0), reference: context.reference,
            request: ModelRequest(
                model: context.reference.model,
                messages: [.system(request.instructions), .user(TaggedSection.text(of: request.sections))],
                parameters: context.parameters, seed: context.attemptSeed(0)),
            budgets: context.budgets, caching: context.caching, tenant: context.tenant, tags: context.tags)
    }

    /// nil as soon as one is unknown.
    static func sum(_ costs: [Money?]) -> Money? {
        costs.reduce(Money.zero) { sum, cost in
            guard let sum, let cost else { return nil }
            return sum + cost
        }
    }
}
