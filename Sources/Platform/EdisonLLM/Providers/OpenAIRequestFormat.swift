import EdisonCore

/// Writes the JSON of chat completions and embeddings, as far as the server at hand can take it.
///
/// The switches stand in the endpoint's settings, because no compatible server says what it lacks:
/// `supports_json_schema`, `supports_json_object`, `supports_stream_options`, `supports_base64_embeddings` (true or
/// false), `max_tokens_field` and `system_role` (a name).
struct OpenAIRequestFormat {
    private let kind: ProviderKind
    private let settings: JSONObject

    init(_ endpoint: Endpoint) {
        kind = endpoint.kind
        settings = endpoint.settings
    }

    /// OpenAI's own models, whoever hosts them.
    private var isOpenAI: Bool { kind == .openAI || kind == .azureOpenAI }

    private func supports(_ feature: String, unlessSaid standard: Bool = true) -> Bool {
        settings["supports_\(feature)"]?.bool ?? standard
    }

    func body(_ request: ModelRequest, stream: Bool) -> JSONValue {
        let parameters = request.parameters
        var body: JSONObject = ["model": .string(request.model)]
        body["messages"] = .array(messages(request).map(message))
        body["temperature"] = parameters.temperature.map { .number($0) }
        body["top_p"] = parameters.topP.map { .number($0) }
        // OpenAI and Groq refuse the field; the servers that sample with it take it under this name.
        if !isOpenAI, kind != .groq { body["top_k"] = parameters.topK.map { .integer(Int64($0)) } }
        body["frequency_penalty"] = parameters.frequencyPenalty.map { .number($0) }
        body["presence_penalty"] = parameters.presencePenalty.map { .number($0) }
        body["reasoning_effort"] = parameters.reasoningEffort.map { .string($0) }
        let limit = settings["max_tokens_field"]?.string ?? usualLimit
        body[limit] = parameters.maxTokens.map { .integer(Int64($0)) }
        body["seed"] = request.seed.map { .integer(Int64($0)) }
        if !parameters.stop.isEmpty { body["stop"] = .array(parameters.stop.map { .string($0) }) }
        if !request.tools.isEmpty { body["tools"] = .array(request.tools.map(tool)) }
        body["tool_choice"] = request.toolChoice.map(choice)
        body["response_format"] = format(request.responseFormat)
        if stream {
            body["stream"] = true
            if supports("stream_options") { body["stream_options"] = ["include_usage": true] }
        }
        let refused = ParameterSupport.refusedExtras(request, by: kind)
        for (key, value) in parameters.extra where !refused.contains(key) { body[key] = value }
        return .object(body)
    }

    private var usualLimit: String { isOpenAI || kind == .groq ? "max_completion_tokens" : "max_tokens" }

    /// base64 is a third of the size of numbers and exact; servers that don't know the field may refuse it.
    func embeddingBody(_ texts: [String], model: String) -> JSONValue {
        let format = supports("base64_embeddings", unlessSaid: isOpenAI) ? "base64" : "float"
        return [
            "model": .string(model), "input": .array(texts.map { .string($0) }), "encoding_format": .string(format),
        ]
    }

    private func messages(_ request: ModelRequest) -> [Message] {
        switch request.responseFormat {
        case .schema(let schema) where !supports("json_schema"): request.messages.asking(for: schema)
        case .json where !supports("json_object"): request.messages.askingForJSON()
        case .text, .json, .schema, .vectors: request.messages
        }
    }

    private func format(_ format: ResponseFormat) -> JSONValue? {
        switch format {
        case .schema(let schema) where supports("json_schema"):
            // The strict mode refuses schemas that leave something open.
            let strict = JSONValue.bool(JSONSchema(schema.schema).isClosed)
            return [
                "type": "json_schema",
                "json_schema": ["name": .string(schema.name), "strict": strict, "schema": schema.schema],
            ]
        case .json where supports("json_object"): return ["type": "json_object"]
        case .text, .json, .schema, .vectors: return nil
        }
    }

    private func message(_ message: Message) -> JSONValue {
        let role = message.role == .system ? settings["system_role"]?.string ?? "system" : message.role.rawValue
        var object: JSONObject = ["role": .string(role)]
        let isPlain = message.content.allSatisfy { if case .text = $0 { true } else { false } }
        if message.content.isEmpty, !message.toolCalls.isEmpty {
            object["content"] = .null
        } else if isPlain {
            object["content"] = .string(message.text)
        } else {
            object["content"] = .array(message.content.map(part))
        }
        // The answer to a call is matched by its id; the name of its tool is no field of it. Groq takes no names at all.
        if message.role != .tool, kind != .groq { object["name"] = message.name.map { .string($0) } }
        object["tool_call_id"] = message.toolCallID.map { .string($0) }
        if !message.toolCalls.isEmpty {
            object["tool_calls"] = .array(
                message.toolCalls.map { call in
                    [
                        "id": .string(call.id), "type": "function",
                        "function": ["name": .string(call.name), "arguments": .string(call.arguments)],
                    ]
                })
        }
        return .object(object)
    }

    private func part(_ part: ContentPart) -> JSONValue {
        switch part {
        case .text(let text): ["type": "text", "text": .string(text)]
        case .image(let type, let data):
            ["type": "image_url", "image_url": ["url": .string("data:\(type);base64,\(data)")]]
        case .imageURL(let url): ["type": "image_url", "image_url": ["url": .string(url)]]
        }
    }

    private func tool(_ tool: Tool) -> JSONValue {
        var function: JSONObject = ["name": .string(tool.name)]
        function["description"] = tool.description.map { .string($0) }
        function["parameters"] = tool.parameters
        if isOpenAI, JSONSchema(tool.parameters).isClosed { function["strict"] = true }
        return ["type": "function", "function": .object(function)]
    }

    private func choice(_ choice: ToolChoice) -> JSONValue {
        switch choice {
        case .auto: "auto"
        case .none: "none"
        case .required: "required"
        case .named(let name): ["type": "function", "function": ["name": .string(name)]]
        }
    }
}
