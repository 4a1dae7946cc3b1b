import EdisonCore

/// Which parameters a provider's format has no place for: they are not sent, and whoever set one must be told.
package enum ParameterSupport {
    /// The names of the request's parameters that a provider of this kind does not know; empty = everything is sent.
    package static func dropped(_ request: ModelRequest, by kind: ProviderKind) -> [String] {
        let parameters = request.parameters
        let isSet: [(name: String, value: Bool)] = [
            ("top_k", parameters.topK != nil),
            ("frequency_penalty", parameters.frequencyPenalty != nil),
            ("presence_penalty", parameters.presencePenalty != nil),
            ("seed", request.seed != nil),
        ]
        let unknown: Set<String> =
            switch kind {
            case .openAI, .azureOpenAI, .groq: ["top_k"]
            case .awsBedrock:
                Set(["frequency_penalty", "presence_penalty", "seed"]).union(takesTopK(request.model) ? [] : ["top_k"])
            case .anthropic: ["frequency_penalty", "presence_penalty", "seed"]
            default: []
            }
        return isSet.filter { $0.value && unknown.contains($0.name) }.map(\.name) + refusedExtras(request, by: kind)
    }

    /// Converse has no field for it; Anthropic's models take it as one of their own.
    static func takesTopK(_ model: String) -> Bool { model.contains("anthropic") }

    /// Further parameters that this provider would refuse the whole request for, in their order.
    static func refusedExtras(_ request: ModelRequest, by kind: ProviderKind) -> [String] {
        guard kind == .groq else { return [] }
        let refused = ["logprobs", "top_logprobs", "logit_bias", "n"]
        return request.parameters.extra.filter { name, value in
            refused.contains(name) && !(name == "n" && value == 1)
        }.map(\.key)
    }
}
