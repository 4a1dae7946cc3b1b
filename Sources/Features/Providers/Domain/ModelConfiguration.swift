package import EdisonCore
package import EdisonLLM

/// A model with its parameters under a name, so that a team sets them once; of each provider one may be the one that
/// new things begin with.
package struct ModelConfiguration: Hashable, Sendable {
    package typealias ID = EdisonCore.ID<ModelConfiguration>

    package let id: ID
    package let project: ProjectID
    package var name: String
    package var provider: String
    package var model: String
    /// As the API and the experiment file name them.
    package var parameters: JSONObject
    package var isDefault: Bool
    package let creator: UserID?
    package let createdAt: Timestamp
    package var updatedAt: Timestamp

    /// Parameters that this provider does not know: they are not sent.
    package var droppedParameters: [String] {
        let request = ModelRequest(
            model: model, messages: [], parameters: ModelParameters(fields: parameters),
            seed: parameters["seed"]?.int)
        return ParameterSupport.dropped(request, by: ProviderKind(provider))
    }
}

extension ModelParameters {
    /// From the fields of a request, whose ranges are checked there; `seed` is no parameter of this kind.
    init(fields: JSONObject) {
        self.init(
            temperature: fields["temperature"]?.double, maxTokens: fields["max_tokens"]?.int,
            topP: fields["top_p"]?.double, topK: fields["top_k"]?.int,
            frequencyPenalty: fields["frequency_penalty"]?.double, presencePenalty: fields["presence_penalty"]?.double,
            stop: (fields["stop"]?.array ?? []).compactMap(\.string),
            reasoningEffort: fields["reasoning_effort"]?.string, extra: fields["extra"]?.object ?? [:])
    }
}

/// What is to become of a model configuration; what is nil stays.
package struct ConfigurationChange: Sendable {
    package var name: String?
    package var provider: String?
    package var model: String?
    package var parameters: JSONObject?
    package var isDefault: Bool?

    package init(
        name: String? = nil, provider: String? = nil, model: String? = nil, parameters: JSONObject? = nil,
        isDefault: Bool? = nil
    ) {
        self.name = name
        self.provider = provider
        self.model = model
        self.parameters = parameters
        self.isDefault = isDefault
    }
}
