import EdisonCore

/// The JSON of the Messages API.
enum AnthropicFormat {
    static func body(_ request: ModelRequest, stream: Bool) -> JSONValue {
        var body: JSONObject = ["model": .string(request.model)]
        body["max_tokens"] = .integer(Int64(request.parameters.maxTokens ?? 4_096))
        let system = request.messages.filter { $0.role == .system }.map(\.text).joined(separator: "\n\n")
        if !system.isEmpty { body["system"] = .string(system) }
        body["messages"] = .array(turns(request.messages.filter { $0.role != .system }))
        body["temperature"] = request.parameters.temperature.map { .number(min(1, $0)) }
        body["top_p"] = request.parameters.topP.map { .number($0) }
        body["top_k"] = request.parameters.topK.map { .integer(Int64($0)) }
        if !request.parameters.stop.isEmpty {
            body["stop_sequences"] = .array(request.parameters.stop.map { .string($0) })
        }
        if !request.tools.isEmpty { body["tools"] = .array(request.tools.map(tool)) }
        body["tool_choice"] = request.toolChoice.map(choice)
        var output = JSONObject()
        if case .schema(let schema) = request.responseFormat {
            output["format"] = ["type": "json_schema", "schema": schema.schema]
        }
        output["effort"] = request.parameters.reasoningEffort.map { .string($0) }
        if !output.isEmpty { body["output_config"] = .object(output) }
        if stream { body["stream"] = true }
        for (key, value) in request.parameters.extra { body[key] = value }
        return .object(body)
    }

    /// Results of tools stand in user turns; neighbouring ones are one turn.
    private static func turns(_ messages: [Message]) -> [JSONValue] {
        var turns: [(role: String, blocks: [JSONValue])] = []
        for message in messages {
            let role = message.role == .assistant ? "assistant" : "user"
            if turns.last?.role == role {
                turns[turns.count - 1].blocks += blocks(message)
            } else {
                turns.append((role, blocks(message)))
            }
        }
        return turns.map { turn in
            // A turn of one text is sent as plain text, as the clients of the vendor do.
            if turn.blocks.count == 1, turn.blocks[0]["type"] == "text", let text = turn.blocks[0]["text"] {
                return ["role": .string(turn.role), "content": text]
            }
            return ["role": .string(turn.role), "content": .array(turn.blocks)]
        }
    }

    private static func blocks(_ message: Message) -> [JSONValue] {
        if message.role == .tool {
            return [
                [
                    "type": "tool_result", "tool_use_id": .string(message.toolCallID ?? ""),
                    "content": .string(message.text),
                ]
            ]
        }
        let content = message.content.map { part -> JSONValue in
            switch part {
            case .text(let text): ["type": "text", "text": .string(text)]
            case .image(let type, let data):
                ["type": "image", "source": ["type": "base64", "media_type": .string(type), "data": .string(data)]]
            case .imageURL(let url): ["type": "image", "source": ["type": "url", "url": .string(url)]]
            }
        }
        return content
            + message.toolCalls.map { call in
                [
                    "type": "tool_use", "id": .string(call.id), "name": .string(call.name),
                    "input": (try? JSONValue(parsing: call.arguments)) ?? [:],
                ]
            }
    }

    private static func tool(_ tool: Tool) -> JSONValue {
        var object: JSONObject = ["name": .string(tool.name)]
        object["description"] = tool.description.map { .string($0) }
        object["input_schema"] = tool.parameters
        return .object(object)
    }

    private static func choice(_ choice: ToolChoice) -> JSONValue {
        switch choice {
        case .auto: ["type": "auto"]
        case .none: ["type": "none"]
        case .required: ["type": "any"]
        case .named(let name): ["type": "tool", "name": .string(name)]
        }
    }

    static func response(_ json: JSONValue, request: ModelRequest) throws -> ModelResponse {
        if json["type"] == "error" {
            throw ProviderFailure(.serverError, json["error"]?["message"]?.string ?? "an error")
        }
        guard let blocks = json["content"]?.array else { throw ProviderFailure(.malformed, "the answer has no content") }
        func joined(_ type: String, _ key: String) -> String {
            blocks.filter { $0["type"]?.string == type }.compactMap { $0[key]?.string }.joined()
        }
        let thinking = joined("thinking", "thinking")
        return ModelResponse(
            text: joined("text", "text"),
            toolCalls: blocks.filter { $0["type"] == "tool_use" }.map {
                ToolCall(
                    id: $0["id"]?.string ?? "", name: $0["name"]?.string ?? "", arguments: ($0["input"] ?? [:]).text())
            },
            reasoning: thinking.isEmpty ? nil : thinking, usage: usage(json["usage"] ?? .null),
            model: json["model"]?.string ?? request.model, finishReason: finish(json["stop_reason"]?.string),
            responseID: json["id"]?.string)
    }

    /// Input, cache reads and cache writes are three separate addends here.
    static func usage(_ json: JSONValue) -> TokenUsage? {
        guard let input = json["input_tokens"]?.int, let output = json["output_tokens"]?.int else { return nil }
        let read = json["cache_read_input_tokens"]?.int ?? 0
        let written = json["cache_creation_input_tokens"]?.int ?? 0
        return TokenUsage(
            input: input + read + written, cacheRead: read, cacheWrite: written, output: output,
            reasoning: json["output_tokens_details"]?["thinking_tokens"]?.int ?? 0)
    }

    static func finish(_ word: String?) -> FinishReason {
        switch word {
        case "end_turn", "stop_sequence", "pause_turn", nil: .stop
        case "max_tokens", "model_context_window_exceeded": .length
        case "tool_use": .toolCalls
        case "refusal": .contentFilter
        default: .other
        }
    }
}

/// Puts the events of a message stream together.
struct AnthropicStreamDecoder: Sendable {
    private let request: ModelRequest
    private var blocks: [Int: JSONObject] = [:]
    private var message = JSONObject()
    private var usage = JSONObject()
    private var isComplete = false

    init(request: ModelRequest) { self.request = request }

    mutating func feed(_ event: SSEEvent) throws -> [StreamPiece] {
        guard let json = try? JSONValue(parsing: event.data) else {
            throw ProviderFailure(.malformed, "an event of the stream is not JSON")
        }
        switch json["type"]?.string {
        case "message_start":
            message = json["message"]?.object ?? [:]
            merge(json["message"]?["usage"])
        case "content_block_start": blocks[json["index"]?.int ?? 0] = json["content_block"]?.object ?? [:]
        case "content_block_delta": return delta(json["index"]?.int ?? 0, json["delta"] ?? .null)
        case "message_delta":
            message["stop_reason"] = json["delta"]?["stop_reason"]
            merge(json["usage"])
        case "message_stop": isComplete = true
        case "error":
            throw ProviderFailure(
                .cutStream, json["error"]?["message"]?.string ?? "the stream failed",
                usage: AnthropicFormat.usage(.object(usage)))
        default: break
        }
        return []
    }

    /// Counts of later events are running totals: they replace.
    private mutating func merge(_ json: JSONValue?) {
        for (key, value) in json?.object ?? [:] where !value.isNull { usage[key] = value }
    }

    private mutating func delta(_ index: Int, _ delta: JSONValue) -> [StreamPiece] {
        var block = blocks[index] ?? [:]
        defer { blocks[index] = block }
        func append(_ key: String, _ part: String) {
            block[key] = .string((block[key]?.string ?? "") + part)
        }
        if let part = delta["text"]?.string {
            append("text", part)
            return part.isEmpty ? [] : [.text(part)]
        }
        if let part = delta["thinking"]?.string {
            append("thinking", part)
            return part.isEmpty ? [] : [.reasoning(part)]
        }
        if let part = delta["partial_json"]?.string { append("partial_json", part) }
        return []
    }

    mutating func finish() throws -> ModelResponse {
        guard isComplete else {
            throw ProviderFailure(
                .cutStream, "the stream ended before the answer did", usage: AnthropicFormat.usage(.object(usage)))
        }
        let content = blocks.sorted { $0.key < $1.key }.map { _, block -> JSONValue in
            var block = block
            if let text = block["partial_json"]?.string, let input = try? JSONValue(parsing: text) { block["input"] = input }
            return .object(block)
        }
        message["content"] = .array(content)
        message["usage"] = .object(usage)
        return try AnthropicFormat.response(.object(message), request: request)
    }
}
