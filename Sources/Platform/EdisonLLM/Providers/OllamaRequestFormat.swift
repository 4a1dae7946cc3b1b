import EdisonCore

/// Writes the JSON of Ollama's chat.
enum OllamaRequestFormat {
    static func body(_ request: ModelRequest, stream: Bool) throws -> JSONValue {
        var body: JSONObject = ["model": .string(request.model)]
        body["messages"] = .array(
            try request.messages.enumerated().map { index, message in
                try self.message(message, after: request.messages[..<index])
            })
        if !request.tools.isEmpty { body["tools"] = .array(request.tools.map(tool)) }
        switch request.responseFormat {
        case .text, .vectors: break
        case .json: body["format"] = "json"
        case .schema(let schema): body["format"] = schema.schema
        }
        // The server streams unless told not to.
        body["stream"] = .bool(stream)
        body["think"] = request.parameters.reasoningEffort.map(think)
        var options = options(request)
        for (key, value) in request.parameters.extra {
            // What is no field of the request is an option of the model, such as num_ctx.
            if ["keep_alive", "think", "logprobs", "top_logprobs"].contains(key) {
                body[key] = value
            } else {
                options[key] = value
            }
        }
        if !options.isEmpty { body["options"] = .object(options) }
        return .object(body)
    }

    private static func options(_ request: ModelRequest) -> JSONObject {
        let parameters = request.parameters
        var options = JSONObject()
        options["temperature"] = parameters.temperature.map { .number($0) }
        options["top_p"] = parameters.topP.map { .number($0) }
        options["top_k"] = parameters.topK.map { .integer(Int64($0)) }
        options["num_predict"] = parameters.maxTokens.map { .integer(Int64($0)) }
        options["seed"] = request.seed.map { .integer(Int64($0)) }
        options["frequency_penalty"] = parameters.frequencyPenalty.map { .number($0) }
        options["presence_penalty"] = parameters.presencePenalty.map { .number($0) }
        if !parameters.stop.isEmpty { options["stop"] = .array(parameters.stop.map { .string($0) }) }
        return options
    }

    /// A level for models that have levels, else on or off.
    private static func think(_ effort: String) -> JSONValue {
        switch effort {
        case "none", "off", "false": false
        case "on", "true": true
        default: .string(effort)
        }
    }

    private static func message(_ message: Message, after earlier: ArraySlice<Message>) throws -> JSONValue {
        var object: JSONObject = ["role": .string(message.role.rawValue), "content": .string(message.text)]
        let images = try message.content.compactMap { part -> JSONValue? in
            switch part {
            case .text: return nil
            case .image(_, let data): return .string(data)
            case .imageURL:
                throw ProviderFailure(.badRequest, "Ollama takes an image as bytes, not by its address")
            }
        }
        if !images.isEmpty { object["images"] = .array(images) }
        if !message.toolCalls.isEmpty {
            object["tool_calls"] = .array(
                try message.toolCalls.map { call in
                    ["function": ["name": .string(call.name), "arguments": try call.input]]
                })
        }
        if message.role == .tool {
            // Calls have no ids here: a result is matched by the name of its tool.
            let call = earlier.flatMap(\.toolCalls).last { $0.id == message.toolCallID }
            object["tool_name"] = (message.name ?? call?.name).map { .string($0) }
        }
        return .object(object)
    }

    private static func tool(_ tool: Tool) -> JSONValue {
        var function: JSONObject = ["name": .string(tool.name)]
        function["description"] = tool.description.map { .string($0) }
        function["parameters"] = tool.parameters
        return ["type": "function", "function": .object(function)]
    }
}
