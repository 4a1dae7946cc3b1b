package import EdisonCore

/// What is asked of a model, independent of the provider's wire format.
package struct ModelRequest: Hashable, Sendable {
    package var model: String
    package var messages: [Message]
    package var parameters: ModelParameters
    package var seed: Int?
    package var tools: [Tool]
    package var toolChoice: ToolChoice?
    package var responseFormat: ResponseFormat

    package init(
        model: String, messages: [Message], parameters: ModelParameters = ModelParameters(), seed: Int? = nil,
        tools: [Tool] = [], toolChoice: ToolChoice? = nil, responseFormat: ResponseFormat = .text
    ) {
        self.model = model
        self.messages = messages
        self.parameters = parameters
        self.seed = seed
        self.tools = tools
        self.toolChoice = toolChoice
        self.responseFormat = responseFormat
    }
}

/// The sampling parameters; nil means "not sent", so that 0 is 0 and the provider's default stays its own.
package struct ModelParameters: Hashable, Sendable {
    package var temperature: Double?
    package var maxTokens: Int?
    package var topP: Double?
    package var topK: Int?
    package var frequencyPenalty: Double?
    package var presencePenalty: Double?
    package var stop: [String]
    /// How hard a reasoning model should think: `low`, `medium`, `high`, or what the provider calls it.
    package var reasoningEffort: String?
    /// Provider-specific settings that are passed on as they are.
    package var extra: JSONObject

    package init(
        temperature: Double? = nil, maxTokens: Int? = nil, topP: Double? = nil, topK: Int? = nil,
        frequencyPenalty: Double? = nil, presencePenalty: Double? = nil, stop: [String] = [],
        reasoningEffort: String? = nil, extra: JSONObject = [:]
    ) {
        self.temperature = temperature
        self.maxTokens = maxTokens
        self.topP = topP
        self.topK = topK
        self.frequencyPenalty = frequencyPenalty
        self.presencePenalty = presencePenalty
        self.stop = stop
        self.reasoningEffort = reasoningEffort
        self.extra = extra
    }
}

/// The form that the answer must have; each provider is asked for it in its own way.
package enum ResponseFormat: Hashable, Sendable {
    case text
    /// Any JSON object.
    case json
    case schema(ResponseSchema)
    /// No words: the vectors of the messages' texts, in their order, as a JSON list of lists.
    case vectors
}

/// The JSON Schema of an answer that the program reads; its `name` is also the schema's `title`.
package struct ResponseSchema: Hashable, Sendable {
    package var name: String
    package var schema: JSONValue

    package init(name: String, schema: JSONValue) {
        self.name = name
        self.schema = schema
    }
}

extension ModelParameters {
    /// The parameters as the result file, the cache key and the experiment file name them; unset ones are absent.
    package var json: JSONValue {
        var object = JSONObject()
        object["temperature"] = temperature.map { .number($0) }
        object["max_tokens"] = maxTokens.map { .integer(Int64($0)) }
        object["top_p"] = topP.map { .number($0) }
        object["top_k"] = topK.map { .integer(Int64($0)) }
        object["frequency_penalty"] = frequencyPenalty.map { .number($0) }
        object["presence_penalty"] = presencePenalty.map { .number($0) }
        object["stop"] = stop.isEmpty ? nil : .array(stop.map { .string($0) })
        object["reasoning_effort"] = reasoningEffort.map { .string($0) }
        for (key, value) in extra { object[key] = value }
        return .object(object)
    }
}
