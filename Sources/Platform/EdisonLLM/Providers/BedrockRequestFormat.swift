import EdisonCore

/// Writes the JSON of Bedrock's Converse.
struct BedrockRequestFormat: Sendable {
    private let request: ModelRequest
    private let settings: JSONObject
    /// The tool whose call is the answer, where a schema is asked for.
    let answerTool: Tool?

    /// Fields of the request itself; every other further parameter is one of the model's own.
    private static let topLevel: Set<String> = [
        "guardrailConfig", "performanceConfig", "serviceTier", "requestMetadata", "promptVariables", "outputConfig",
        "additionalModelResponseFieldPaths", "additionalModelRequestFields",
    ]

    init(_ request: ModelRequest, _ endpoint: Endpoint) {
        self.request = request
        settings = endpoint.settings
        // A tool cannot be forced on a model that thinks, and some models have no tools.
        if case .schema(let schema) = request.responseFormat, !Self.isThinking(request),
            endpoint.settings["supports_json_schema"] != false
        {
            answerTool = Tool(name: schema.name, description: "Gives the answer.", parameters: schema.schema)
        } else {
            answerTool = nil
        }
    }

    private static func isThinking(_ request: ModelRequest) -> Bool {
        request.parameters.reasoningEffort.map { $0 != "none" } ?? (request.parameters.extra["thinking"] != nil)
    }

    func body() throws -> JSONValue {
        let messages = messages
        var body: JSONObject = [:]
        body["messages"] = .array(try turns(messages.filter { $0.role != .system }))
        let system = messages.filter { $0.role == .system }.map(\.text).filter { !$0.isEmpty }
        if !system.isEmpty { body["system"] = .array(system.map { ["text": .string($0)] }) }
        let inference = inference
        if !inference.isEmpty { body["inferenceConfig"] = .object(inference) }
        body["toolConfig"] = toolConfiguration
        if let effort = request.parameters.reasoningEffort, effort != "none" {
            body["outputConfig"] = ["effort": .string(effort)]
        }
        var own = JSONObject()
        if ParameterSupport.takesTopK(request.model) {
            own["top_k"] = request.parameters.topK.map { .integer(Int64($0)) }
        }
        for (key, value) in request.parameters.extra {
            if Self.topLevel.contains(key) { body[key] = value } else { own[key] = value }
        }
        if !own.isEmpty {
            var fields = body["additionalModelRequestFields"]?.object ?? [:]
            for (key, value) in own { fields[key] = value }
            body["additionalModelRequestFields"] = .object(fields)
        }
        return .object(body)
    }

    private var messages: [Message] {
        switch request.responseFormat {
        case .json: request.messages.askingForJSON()
        case .schema(let schema) where answerTool == nil: request.messages.asking(for: schema)
        case .text, .schema, .vectors: request.messages
        }
    }

    private var inference: JSONObject {
        let parameters = request.parameters
        var fields = JSONObject()
        fields["maxTokens"] = parameters.maxTokens.map { .integer(Int64($0)) }
        fields["temperature"] = parameters.temperature.map { .number($0) }
        fields["topP"] = parameters.topP.map { .number($0) }
        if !parameters.stop.isEmpty { fields["stopSequences"] = .array(parameters.stop.map { .string($0) }) }
        return fields
    }

    private var toolConfiguration: JSONValue? {
        let tools = request.tools + [answerTool].compactMap(\.self)
        // There is no choice of none: then the tools are left out, unless the conversation has called one already.
        let isUsed = request.messages.contains { !$0.toolCalls.isEmpty }
        if tools.isEmpty || request.toolChoice == ToolChoice.none && answerTool == nil && !isUsed { return nil }
        var fields: JSONObject = ["tools": .array(tools.map(tool))]
        fields["toolChoice"] = (answerTool.map { .named($0.name) } ?? request.toolChoice).flatMap(choice)
        return .object(fields)
    }

    private func tool(_ tool: Tool) -> JSONValue {
        var fields: JSONObject = ["name": .string(tool.name)]
        fields["description"] = tool.description.map { .string($0) }
        fields["inputSchema"] = ["json": tool.parameters]
        return ["toolSpec": .object(fields)]
    }

    private func choice(_ choice: ToolChoice) -> JSONValue? {
        switch choice {
        case .auto: ["auto": [:]]
        case .none: nil
        case .required: ["any": [:]]
        case .named(let name): ["tool": ["name": .string(name)]]
        }
    }

    private func turns(_ messages: [Message]) throws -> [JSONValue] {
        try AlternatingTurns.of(messages, blocks).map { ["role": .string($0.role), "content": .array($0.blocks)] }
    }

    private func blocks(_ message: Message) throws -> [JSONValue] {
        let content = try message.content.compactMap { part -> JSONValue? in
            switch part {
            // Empty text blocks are refused.
            case .text(let text): return text.isEmpty ? nil : ["text": .string(text)]
            case .image(let type, let data):
                let format = type.split(separator: "/").last.map(String.init) ?? type
                return ["image": ["format": .string(format), "source": ["bytes": .string(data)]]]
            case .imageURL:
                throw ProviderFailure(
                    .badRequest, "Bedrock takes an image as bytes, not by its address", code: "refused")
            }
        }
        if message.role == .tool {
            let id = JSONValue.string(message.toolCallID ?? "")
            return [["toolResult": ["toolUseId": id, "content": .array(content)]]]
        }
        return try content
            + message.toolCalls.map { call in
                ["toolUse": ["toolUseId": .string(call.id), "name": .string(call.name), "input": try call.input]]
            }
    }
}
