import EdisonCore

/// Writes the JSON of Gemini's `generateContent`.
struct GeminiRequestFormat {
    let settings: JSONObject

    /// Fields of the request itself; every other further parameter belongs to its `generationConfig`.
    private static let topLevel: Set<String> = [
        "safetySettings", "safety_settings", "cachedContent", "cached_content", "labels", "toolConfig", "tool_config",
        "serviceTier", "service_tier",
    ]

    func body(_ request: ModelRequest) throws -> JSONValue {
        let messages = messages(request)
        var body: JSONObject = [:]
        let system = messages.filter { $0.role == .system }.map(\.text).joined(separator: "\n\n")
        body["contents"] = .array(try turns(messages.filter { $0.role != .system }))
        if !system.isEmpty { body["systemInstruction"] = ["parts": [["text": .string(system)]]] }
        if !request.tools.isEmpty { body["tools"] = [["functionDeclarations": .array(request.tools.map(tool))]] }
        if let choice = request.toolChoice { body["toolConfig"] = ["functionCallingConfig": self.choice(choice)] }
        var configuration = configuration(request)
        for (key, value) in request.parameters.extra {
            if Self.topLevel.contains(key) { body[key] = value } else { configuration[key] = value }
        }
        if !configuration.isEmpty { body["generationConfig"] = .object(configuration) }
        return .object(body)
    }

    private var hasSchemas: Bool { settings["supports_json_schema"]?.bool ?? true }

    private func messages(_ request: ModelRequest) -> [Message] {
        if case .schema(let schema) = request.responseFormat, !hasSchemas {
            return request.messages.asking(for: schema)
        }
        return request.messages
    }

    private func configuration(_ request: ModelRequest) -> JSONObject {
        let parameters = request.parameters
        var fields = JSONObject()
        fields["temperature"] = parameters.temperature.map { .number($0) }
        fields["topP"] = parameters.topP.map { .number($0) }
        fields["topK"] = parameters.topK.map { .integer(Int64($0)) }
        fields["maxOutputTokens"] = parameters.maxTokens.map { .integer(Int64($0)) }
        if !parameters.stop.isEmpty { fields["stopSequences"] = .array(parameters.stop.map { .string($0) }) }
        fields["seed"] = request.seed.map { .integer(Int64(Self.narrow($0))) }
        fields["presencePenalty"] = parameters.presencePenalty.map { .number($0) }
        fields["frequencyPenalty"] = parameters.frequencyPenalty.map { .number($0) }
        fields["thinkingConfig"] = parameters.reasoningEffort.map(thinking)
        switch request.responseFormat {
        case .text, .vectors: break
        case .json: fields["responseMimeType"] = "application/json"
        case .schema(let schema) where hasSchemas:
            fields["responseMimeType"] = "application/json"
            // Plain JSON Schema; the older field knows a part of it, in words of its own.
            fields["responseJsonSchema"] = schema.schema
        case .schema: break
        }
        return fields
    }

    /// The field is an integer of 32 bits.
    private static func narrow(_ seed: Int) -> Int { Int(Int32(truncatingIfNeeded: seed) & Int32.max) }

    /// A number is a budget of tokens, `none` none, and anything else a level; older models know budgets only, newer
    /// ones levels.
    private func thinking(_ effort: String) -> JSONValue {
        if effort == "none" { return ["thinkingBudget": 0] }
        if let budget = Int64(effort) { return ["thinkingBudget": .integer(budget), "includeThoughts": true] }
        return ["thinkingLevel": .string(effort.uppercased()), "includeThoughts": true]
    }

    /// There are two roles, and neighbours of one role are one turn; results of tools stand in the user's.
    private func turns(_ messages: [Message]) throws -> [JSONValue] {
        var turns: [(role: String, parts: [JSONValue])] = []
        for (index, message) in messages.enumerated() {
            let role = message.role == .assistant ? "model" : "user"
            let parts = try parts(message, after: messages[..<index])
            if parts.isEmpty { continue }
            if turns.last?.role == role {
                turns[turns.count - 1].parts += parts
            } else {
                turns.append((role, parts))
            }
        }
        return turns.map { ["parts": .array($0.parts), "role": .string($0.role)] }
    }

    private func parts(_ message: Message, after earlier: ArraySlice<Message>) throws -> [JSONValue] {
        if message.role == .tool { return [result(message, after: earlier)] }
        let content = try message.content.compactMap { part -> JSONValue? in
            switch part {
            case .text(let text): return text.isEmpty ? nil : ["text": .string(text)]
            case .image(let type, let data): return ["inlineData": ["mimeType": .string(type), "data": .string(data)]]
            case .imageURL:
                throw ProviderFailure(
                    .badRequest, "Gemini takes an image as bytes, not by its address", code: "refused")
            }
        }
        return try content
            + message.toolCalls.map { call in
                let id = GeminiCallID(text: call.id)
                var function: JSONObject = [:]
                function["id"] = id.given.map { .string($0) }
                function["name"] = .string(call.name)
                function["args"] = try call.input
                var part: JSONObject = ["functionCall": .object(function)]
                part["thoughtSignature"] = id.signature.map { .string($0) }
                return .object(part)
            }
    }

    private func result(_ message: Message, after earlier: ArraySlice<Message>) -> JSONValue {
        let call = earlier.flatMap(\.toolCalls).last { $0.id == message.toolCallID }
        var response: JSONObject = [:]
        response["id"] = message.toolCallID.flatMap { GeminiCallID(text: $0).given }.map { .string($0) }
        response["name"] = .string(message.name ?? call?.name ?? "")
        let json = try? JSONValue(parsing: message.text)
        response["response"] = json?.object != nil ? json : ["result": .string(message.text)]
        return ["functionResponse": .object(response)]
    }

    private func tool(_ tool: Tool) -> JSONValue {
        var function: JSONObject = ["name": .string(tool.name)]
        function["description"] = tool.description.map { .string($0) }
        function["parametersJsonSchema"] = tool.parameters
        return .object(function)
    }

    private func choice(_ choice: ToolChoice) -> JSONValue {
        switch choice {
        case .auto: ["mode": "AUTO"]
        case .none: ["mode": "NONE"]
        case .required: ["mode": "ANY"]
        case .named(let name): ["mode": "ANY", "allowedFunctionNames": [.string(name)]]
        }
    }
}

/// The id of a call, with the signature of the thought behind it: Gemini refuses the next turn unless the signature
/// comes back with the call, and an id is what every keeper of a conversation keeps.
struct GeminiCallID {
    private static let mark = "#thought="
    /// Stands before numbers that the service did not give.
    private static let own = "call_"

    let text: String

    init(text: String) { self.text = text }

    init(given: String?, signature: String?, place: Int) {
        text = (given ?? "\(Self.own)\(place)") + (signature.map { Self.mark + $0 } ?? "")
    }

    var signature: String? { text.firstRange(of: Self.mark).map { String(text[$0.upperBound...]) } }

    /// The service's own id, where it gave one.
    var given: String? {
        let id = text.firstRange(of: Self.mark).map { String(text[..<$0.lowerBound]) } ?? text
        return id.isEmpty || id.hasPrefix(Self.own) ? nil : id
    }
}
