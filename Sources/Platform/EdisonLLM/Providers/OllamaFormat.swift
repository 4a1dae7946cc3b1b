import EdisonCore

/// Reads the JSON of Ollama's chat: an answer that is not streamed is a stream of one line.
enum OllamaFormat {
    static func response(_ json: JSONValue, requestedModel: String) throws -> ModelResponse {
        var decoder = OllamaStreamDecoder(requestedModel: requestedModel)
        _ = try decoder.add(json)
        guard json["message"] != nil, case .end(let response)? = try decoder.finish().last else {
            throw ProviderFailure(.malformed, "the answer has no message")
        }
        return response
    }
}

/// Puts the lines of an answer together.
struct OllamaStreamDecoder: StreamDecoder {
    private let requestedModel: String
    private var lines = LineSplitter()
    private var text = ""
    private var thinking = ""
    private var calls: [ToolCall] = []
    private var last: JSONValue?

    init(requestedModel: String) { self.requestedModel = requestedModel }

    mutating func feed(_ bytes: [UInt8]) throws -> [StreamPiece] {
        try lines.feed(bytes).flatMap { try line($0) }
    }

    mutating func finish() throws -> [StreamPiece] {
        let rest = try lines.finish().map { try line($0) } ?? []
        guard let last else { throw ProviderFailure(.cutStream, "the stream ended before the answer did") }
        let reason: FinishReason =
            switch last["done_reason"]?.string {
            case "length": .length
            case "stop", nil: calls.isEmpty ? .stop : .toolCalls
            default: .other
            }
        return rest + [
            .end(
                ModelResponse(
                    text: text, toolCalls: calls, reasoning: thinking.isEmpty ? nil : thinking, usage: usage(last),
                    model: last["model"]?.string ?? requestedModel, finishReason: reason))
        ]
    }

    /// The prompt's count is missing when the prompt was cached.
    private func usage(_ json: JSONValue) -> TokenUsage? {
        json["eval_count"]?.int.map { TokenUsage(input: json["prompt_eval_count"]?.int ?? 0, output: $0) }
    }

    private mutating func line(_ bytes: [UInt8]) throws -> [StreamPiece] {
        if bytes.allSatisfy({ $0 == 0x20 || $0 == 0x09 }) { return [] }
        guard let json = try? JSONValue(parsing: bytes) else {
            throw ProviderFailure(.malformed, "a line of the stream is not JSON")
        }
        return try add(json)
    }

    mutating func add(_ json: JSONValue) throws -> [StreamPiece] {
        if let error = ErrorBody(in: json) { throw ProviderErrors.failure(inStream: error, usage: nil) }
        var pieces: [StreamPiece] = []
        let message = json["message"]
        if let part = message?["thinking"]?.string, !part.isEmpty {
            thinking += part
            pieces.append(.reasoning(part))
        }
        if let part = message?["content"]?.string, !part.isEmpty {
            text += part
            pieces.append(.text(part))
        }
        for item in message?["tool_calls"]?.array ?? [] {
            let function = item["function"]
            calls.append(
                ToolCall(
                    id: item["id"]?.string ?? "call_\(calls.count)", name: function?["name"]?.string ?? "",
                    arguments: OpenAIFormat.arguments(function)))
        }
        if json["done"] == true { last = json }
        return pieces
    }
}
