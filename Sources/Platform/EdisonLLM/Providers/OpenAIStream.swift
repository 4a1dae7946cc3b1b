import EdisonCore

/// Puts the chunks of a chat stream together.
struct OpenAIStreamDecoder: Sendable {
    private let requestedModel: String
    private var text = ""
    private var reasoning = ""
    private var calls: [Int: ToolCall] = [:]
    private var usage: TokenUsage?
    private var model: String?
    private var reason: FinishReason?
    private var responseID: String?

    init(requestedModel: String) { self.requestedModel = requestedModel }

    mutating func feed(_ data: String) throws -> [StreamPiece] {
        let trimmed = data.trimmingSuffix { $0.isWhitespace }
        if trimmed.isEmpty || trimmed == "[DONE]" { return [] }
        let json: JSONValue
        do { json = try JSONValue(parsing: String(trimmed)) } catch {
            throw ProviderFailure(.malformed, "a chunk of the stream is not JSON", usage: usage)
        }
        if let error = json["error"], !error.isNull {
            throw ProviderFailure(.cutStream, error["message"]?.string ?? error.string ?? "the stream failed", usage: usage)
        }
        model = json["model"]?.string.flatMap { $0.isEmpty ? nil : $0 } ?? model
        responseID = json["id"]?.string ?? responseID
        usage = json["usage"].flatMap(OpenAIFormat.usage) ?? usage
        // The last chunk of usage has no choice.
        guard let choice = json["choices"]?[0] else { return [] }
        if let word = choice["finish_reason"]?.string { reason = OpenAIFormat.finish(word) }
        return pieces(choice["delta"] ?? .null)
    }

    private mutating func pieces(_ delta: JSONValue) -> [StreamPiece] {
        var pieces: [StreamPiece] = []
        if let part = delta["reasoning_content"]?.string ?? delta["reasoning"]?.string, !part.isEmpty {
            reasoning += part
            pieces.append(.reasoning(part))
        }
        if let part = delta["content"]?.string, !part.isEmpty {
            text += part
            pieces.append(.text(part))
        }
        for (place, item) in (delta["tool_calls"]?.array ?? []).enumerated() {
            let index = item["index"]?.int ?? place
            var call = calls[index] ?? ToolCall(id: "call_\(index)", name: "", arguments: "")
            if let id = item["id"]?.string, !id.isEmpty { call.id = id }
            if let name = item["function"]?["name"]?.string, !name.isEmpty { call.name = name }
            let arguments = item["function"]?["arguments"]
            call.arguments += arguments?.string ?? (arguments?.object != nil ? arguments?.text() ?? "" : "")
            calls[index] = call
        }
        return pieces
    }

    mutating func finish() throws -> ModelResponse {
        guard let reason else { throw ProviderFailure(.cutStream, "the stream ended before the answer did", usage: usage) }
        return ModelResponse(
            text: text, toolCalls: calls.sorted { $0.key < $1.key }.map(\.value),
            reasoning: reasoning.isEmpty ? nil : reasoning, usage: usage, model: model ?? requestedModel,
            finishReason: reason, responseID: responseID)
    }
}
