import EdisonCore

/// Reads the JSON of the Messages API.
enum AnthropicFormat {
    /// The call of `answerTool`, if it was asked for, becomes the text of the answer.
    static func response(_ json: JSONValue, requestedModel: String, answerTool: Tool?) throws -> ModelResponse {
        guard let blocks = json["content"]?.array else {
            throw ProviderFailure(.malformed, "the answer has no content")
        }
        func joined(_ type: String, _ key: String) -> String {
            blocks.filter { $0["type"]?.string == type }.compactMap { $0[key]?.string }.joined()
        }
        let thinking = joined("thinking", "thinking")
        let calls = blocks.filter { $0["type"] == "tool_use" }.map { block in
            ToolCall(
                id: block["id"]?.string ?? "", name: block["name"]?.string ?? "",
                arguments: block["partial_json"]?.string ?? (block["input"] ?? [:]).text())
        }
        var response = ModelResponse(
            text: joined("text", "text"), toolCalls: calls, reasoning: thinking.isEmpty ? nil : thinking,
            usage: usage(json["usage"]), model: json["model"]?.string ?? requestedModel,
            finishReason: finish(json["stop_reason"]?.string), responseID: json["id"]?.string)
        if let answerTool { response.takeAnswer(from: answerTool.name) }
        return response
    }

    /// Input, cache reads and cache writes are three separate addends here; output includes thinking.
    static func usage(_ json: JSONValue?) -> TokenUsage? {
        guard let input = json?["input_tokens"]?.int, let output = json?["output_tokens"]?.int else { return nil }
        let read = json?["cache_read_input_tokens"]?.int ?? 0
        let written = json?["cache_creation_input_tokens"]?.int ?? 0
        return TokenUsage(
            input: input + read + written, cacheRead: read, cacheWrite: written, output: output,
            reasoning: json?["output_tokens_details"]?["thinking_tokens"]?.int ?? 0)
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
