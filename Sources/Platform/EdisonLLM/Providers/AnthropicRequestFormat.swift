import EdisonCore

/// Writes the JSON of the Messages API.
struct AnthropicRequestFormat: Sendable {
    private let request: ModelRequest
    private let settings: JSONObject
    /// The tool whose call is the answer, where the output format can't be asked for: a server without it, or a
    /// schema that leaves something open, which the format refuses.
    let answerTool: Tool?

    init(_ request: ModelRequest, _ endpoint: Endpoint) {
        self.request = request
        settings = endpoint.settings
        if case .schema(let schema) = request.responseFormat, !Self.isThinking(request),
            endpoint.settings["supports_json_schema"] == false || !JSONSchema(schema.schema).isClosed
        {
            answerTool = Tool(name: schema.name, description: "Gives the answer.", parameters: schema.schema)
        } else {
            answerTool = nil
        }
    }

    func body(stream: Bool) throws -> JSONValue {
        let parameters = request.parameters
        let messages = messages
        var body: JSONObject = ["model": .string(request.model)]
        // The API has no default of its own.
        body["max_tokens"] = .integer(Int64(parameters.maxTokens ?? 4_096))
        let system = messages.filter { $0.role == .system }.map(\.text).joined(separator: "\n\n")
        if !system.isEmpty { body["system"] = .string(system) }
        body["messages"] = .array(try turns(messages.filter { $0.role != .system }))
        body["temperature"] = parameters.temperature.map { .number($0) }
        body["top_p"] = parameters.topP.map { .number($0) }
        body["top_k"] = parameters.topK.map { .integer(Int64($0)) }
        if !parameters.stop.isEmpty { body["stop_sequences"] = .array(parameters.stop.map { .string($0) }) }
        let tools = request.tools + [answerTool].compactMap(\.self)
        if !tools.isEmpty { body["tools"] = .array(tools.map(tool)) }
        body["tool_choice"] = (answerTool.map { .named($0.name) } ?? request.toolChoice).map(choice)
        if let effort = parameters.reasoningEffort {
            body["thinking"] = ["type": effort == "none" ? "disabled" : "adaptive"]
        }
        let output = outputConfiguration
        if !output.isEmpty { body["output_config"] = .object(output) }
        if settings["prompt_caching"] == true { body["cache_control"] = ["type": "ephemeral"] }
        if stream { body["stream"] = true }
        for (key, value) in parameters.extra { body[key] = value }
        return .object(body)
    }

    /// A tool can't be forced on a model that thinks, and there is no mode for JSON without a schema: both are asked
    /// for in words.
    private var messages: [Message] {
        switch request.responseFormat {
        case .json: request.messages.askingForJSON()
        case .schema(let schema) where answerTool == nil && !hasOutputFormat: request.messages.asking(for: schema)
        case .text, .schema, .vectors: request.messages
        }
    }

    private var hasOutputFormat: Bool {
        guard case .schema(let schema) = request.responseFormat else { return false }
        return settings["supports_json_schema"] != false && JSONSchema(schema.schema).isClosed
    }

    private static func isThinking(_ request: ModelRequest) -> Bool {
        request.parameters.reasoningEffort.map { $0 != "none" } ?? (request.parameters.extra["thinking"] != nil)
    }

    private var outputConfiguration: JSONObject {
        var output = JSONObject()
        if case .schema(let schema) = request.responseFormat, hasOutputFormat {
            output["format"] = ["type": "json_schema", "schema": schema.schema]
        }
        if let effort = request.parameters.reasoningEffort, effort != "none" { output["effort"] = .string(effort) }
        return output
    }

    private func turns(_ messages: [Message]) throws -> [JSONValue] {
        try AlternatingTurns.of(messages, blocks).map { turn in
            // A turn of one text is sent as plain text, as the vendor's clients do.
            if turn.blocks.count == 1, turn.blocks[0]["type"] == "text", let text = turn.blocks[0]["text"] {
                return ["role": .string(turn.role), "content": text]
            }
            return ["role": .string(turn.role), "content": .array(turn.blocks)]
        }
    }

    private func blocks(_ message: Message) throws -> [JSONValue] {
        let content = message.content.compactMap { part -> JSONValue? in
            switch part {
            // Empty text blocks are refused.
            case .text(let text): text.isEmpty ? nil : ["type": "text", "text": .string(text)]
            case .image(let type, let data):
                ["type": "image", "source": ["type": "base64", "media_type": .string(type), "data": .string(data)]]
            case .imageURL(let url): ["type": "image", "source": ["type": "url", "url": .string(url)]]
            }
        }
        if message.role == .tool {
            let call = JSONValue.string(message.toolCallID ?? "")
            return [["type": "tool_result", "tool_use_id": call, "content": .array(content)]]
        }
        return try content
            + message.toolCalls.map { call in
                ["type": "tool_use", "id": .string(call.id), "name": .string(call.name), "input": try call.input]
            }
    }

    private func tool(_ tool: Tool) -> JSONValue {
        var object: JSONObject = ["name": .string(tool.name)]
        object["description"] = tool.description.map { .string($0) }
        object["input_schema"] = tool.parameters
        return .object(object)
    }

    private func choice(_ choice: ToolChoice) -> JSONValue {
        switch choice {
        case .auto: ["type": "auto"]
        case .none: ["type": "none"]
        case .required: ["type": "any"]
        case .named(let name): ["type": "tool", "name": .string(name)]
        }
    }
}

extension ToolCall {
    /// The arguments as the object that some providers want back; what is not one can't be sent to them.
    var input: JSONValue {
        get throws {
            if arguments.allSatisfy(\.isWhitespace) { return [:] }
            guard let object = try? JSONValue(parsing: arguments), object.object != nil else {
                throw ProviderFailure(.badRequest, "the arguments of the call of \(name) are not a JSON object")
            }
            return object
        }
    }
}
