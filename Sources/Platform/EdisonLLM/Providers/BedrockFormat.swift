import EdisonCore

/// Reads the JSON of Bedrock's Converse.
enum BedrockFormat {
    /// The call of `answerTool`, if it was asked for, becomes the text of the answer.
    static func response(_ json: JSONValue, requestedModel: String, answerTool: Tool?) throws -> ModelResponse {
        guard let blocks = json["output"]?["message"]?["content"]?.array else {
            throw ProviderFailure(.malformed, "the answer has no message")
        }
        let calls = blocks.compactMap { $0["toolUse"] }.map { block in
            ToolCall(
                id: block["toolUseId"]?.string ?? "", name: block["name"]?.string ?? "",
                // The pieces of a stream are text, and none are an empty object.
                arguments: block["input"]?.string.map { $0.isEmpty ? "{}" : $0 } ?? (block["input"] ?? [:]).text())
        }
        let reasoning = blocks.compactMap { $0["reasoningContent"]?["reasoningText"]?["text"]?.string }.joined()
        var response = ModelResponse(
            text: blocks.compactMap { $0["text"]?.string }.joined(), toolCalls: calls,
            reasoning: reasoning.isEmpty ? nil : reasoning, usage: usage(json["usage"]), model: requestedModel,
            finishReason: finish(json["stopReason"]?.string))
        if let answerTool { response.takeAnswer(from: answerTool.name) }
        return response
    }

    /// Input, cache reads and cache writes are three separate addends; output includes reasoning, which is not counted
    /// by itself.
    static func usage(_ json: JSONValue?) -> TokenUsage? {
        guard let input = json?["inputTokens"]?.int, let output = json?["outputTokens"]?.int else { return nil }
        let read = json?["cacheReadInputTokens"]?.int ?? 0
        let written = json?["cacheWriteInputTokens"]?.int ?? 0
        return TokenUsage(input: input + read + written, cacheRead: read, cacheWrite: written, output: output)
    }

    static func finish(_ word: String?) -> FinishReason {
        switch word {
        case "end_turn", "stop_sequence", nil: .stop
        case "max_tokens", "model_context_window_exceeded": .length
        case "tool_use": .toolCalls
        case "guardrail_intervened", "content_filtered": .contentFilter
        default: .other
        }
    }
}

/// Puts the messages of a stream of Converse together.
struct BedrockStreamDecoder: StreamDecoder {
    private let requestedModel: String
    private let answerTool: Tool?
    private var parser = EventStreamParser()
    private var blocks: [Int: JSONObject] = [:]
    private var stopReason: String?
    private var usage: JSONValue?

    init(requestedModel: String, answerTool: Tool?) {
        self.requestedModel = requestedModel
        self.answerTool = answerTool
    }

    mutating func feed(_ bytes: [UInt8]) throws -> [StreamPiece] {
        let messages: [EventStreamMessage]
        do { messages = try parser.feed(bytes) } catch {
            throw ProviderFailure(
                .malformed, "the stream is broken: a wrong \(error)", usage: BedrockFormat.usage(usage))
        }
        return try messages.flatMap { try message($0) }
    }

    /// The usage comes behind the end of the message; a stream that ends before it was cut.
    mutating func finish() throws -> [StreamPiece] {
        guard let stopReason, usage != nil, parser.isAtRest else {
            throw ProviderFailure(
                .cutStream, "the stream ended before the answer did", usage: BedrockFormat.usage(usage))
        }
        let content = blocks.sorted { $0.key < $1.key }.map { JSONValue.object($0.value) }
        let json: JSONValue = [
            "output": ["message": ["content": .array(content)]], "stopReason": .string(stopReason),
            "usage": usage ?? .null,
        ]
        return [.end(try BedrockFormat.response(json, requestedModel: requestedModel, answerTool: answerTool))]
    }

    private mutating func message(_ message: EventStreamMessage) throws -> [StreamPiece] {
        let json = try? JSONValue(parsing: message.payload)
        if message.headers[":message-type"] != "event" {
            throw failure(message, json)
        }
        guard let json else {
            throw ProviderFailure(
                .malformed, "an event of the stream is not JSON", usage: BedrockFormat.usage(usage))
        }
        let index = json["contentBlockIndex"]?.int ?? 0
        switch message.headers[":event-type"] {
        case "contentBlockStart":
            if let call = json["start"]?["toolUse"]?.object {
                blocks[index] = ["toolUse": .object(JSONObject(call.map { ($0.key, $0.value) } + [("input", "")]))]
            }
        case "contentBlockDelta": return delta(index, json["delta"] ?? .null)
        case "messageStop": stopReason = json["stopReason"]?.string ?? "end_turn"
        case "metadata": usage = json["usage"] ?? .null
        default: break
        }
        return []
    }

    private func failure(_ message: EventStreamMessage, _ json: JSONValue?) -> ProviderFailure {
        let type = message.headers[":exception-type"] ?? message.headers[":error-code"] ?? "error"
        let words = json?["message"]?.string ?? message.headers[":error-message"] ?? type
        return ProviderErrors.failure(
            inStream: ErrorBody(message: words, code: type), usage: BedrockFormat.usage(usage))
    }

    /// Only blocks of tools are announced; others begin with their first piece.
    private mutating func delta(_ index: Int, _ delta: JSONValue) -> [StreamPiece] {
        var block = blocks[index] ?? [:]
        defer { blocks[index] = block }
        if let text = OpenAIFormat.nonEmpty(delta["text"]) {
            block["text"] = .string((block["text"]?.string ?? "") + text)
            return [.text(text)]
        }
        if let text = OpenAIFormat.nonEmpty(delta["reasoningContent"]?["text"]) {
            let before = block["reasoningContent"]?["reasoningText"]?["text"]?.string ?? ""
            block["reasoningContent"] = ["reasoningText": ["text": .string(before + text)]]
            return [.reasoning(text)]
        }
        guard let part = OpenAIFormat.nonEmpty(delta["toolUse"]?["input"]) else { return [] }
        var call = block["toolUse"]?.object ?? [:]
        call["input"] = .string((call["input"]?.string ?? "") + part)
        block["toolUse"] = .object(call)
        return answerTool != nil && call["name"]?.string == answerTool?.name ? [.text(part)] : []
    }
}
