import EdisonCore

/// Puts the chunks of a chat stream together.
struct OpenAIStreamDecoder: StreamDecoder {
    private var parser = SSEParser()
    private var answer: ModelResponse
    private var reasoning = ""
    private var refusal = ""
    private var calls: [ToolCall] = []
    /// Where each call that the server numbered stands in `calls`.
    private var places: [Int: Int] = [:]
    private var reason: String?
    private var isDone = false

    init(requestedModel: String) {
        answer = ModelResponse(text: "", usage: nil, model: requestedModel, finishReason: .stop)
    }

    mutating func feed(_ bytes: [UInt8]) throws -> [StreamPiece] {
        try parser.feed(bytes).flatMap { try chunk($0.data) }
    }

    mutating func finish() throws -> [StreamPiece] {
        let rest = try parser.finish().flatMap { try chunk($0.data) }
        // Some servers leave out the end mark, others the reason; an answer with neither was cut.
        guard isDone || reason != nil else {
            throw ProviderFailure(.cutStream, "the stream ended before the answer did", usage: answer.usage)
        }
        answer.reasoning = reasoning.isEmpty ? nil : reasoning
        answer.toolCalls = calls
        answer.finishReason = OpenAIFormat.finish(reason, hasCalls: !calls.isEmpty, isRefused: !refusal.isEmpty)
        return rest + [.end(answer)]
    }

    private mutating func chunk(_ data: String) throws -> [StreamPiece] {
        if data.allSatisfy(\.isWhitespace) { return [] }
        if data.prefix(6) == "[DONE]" {
            isDone = true
            return []
        }
        guard let json = try? JSONValue(parsing: data) else {
            throw ProviderFailure(.malformed, "a chunk of the stream is not JSON", usage: answer.usage)
        }
        answer.usage = OpenAIFormat.usage(json["usage"]) ?? OpenAIFormat.usage(json["x_groq"]?["usage"]) ?? answer.usage
        if let error = ErrorBody(in: json) ?? json["x_groq"].flatMap(ErrorBody.init(in:)) {
            throw ProviderErrors.failure(inStream: error, usage: answer.usage)
        }
        answer.model = OpenAIFormat.nonEmpty(json["model"]) ?? answer.model
        answer.responseID = OpenAIFormat.nonEmpty(json["id"]) ?? answer.responseID
        // The chunk of the usage has no choice; of several choices the first is ours.
        guard let choice = json["choices"]?.array?.first(where: { $0["index"]?.int ?? 0 == 0 }) else { return [] }
        reason = OpenAIFormat.nonEmpty(choice["finish_reason"]) ?? reason
        return pieces(choice["delta"] ?? .null)
    }

    private mutating func pieces(_ delta: JSONValue) -> [StreamPiece] {
        var pieces: [StreamPiece] = []
        if let part = OpenAIFormat.reasoning(delta) {
            reasoning += part
            pieces.append(.reasoning(part))
        }
        if let part = OpenAIFormat.nonEmpty(delta["refusal"]) { refusal += part }
        let text = OpenAIFormat.text(delta["content"]) ?? ""
        for part in [text, OpenAIFormat.nonEmpty(delta["refusal"]) ?? ""] where !part.isEmpty {
            answer.text += part
            pieces.append(.text(part))
        }
        for item in delta["tool_calls"]?.array ?? [] { add(item) }
        return pieces
    }

    /// A piece of a call belongs to the call with its number. A server that doesn't number them begins a call with an
    /// id or a name.
    private mutating func add(_ item: JSONValue) {
        let id = OpenAIFormat.nonEmpty(item["id"])
        let name = OpenAIFormat.nonEmpty(item["function"]?["name"])
        let place: Int
        if let index = item["index"]?.int {
            place = places[index] ?? calls.count
            places[index] = place
        } else if let known = calls.firstIndex(where: { $0.id == id }) {
            place = known
        } else {
            place = id != nil || name != nil || calls.isEmpty ? calls.count : calls.count - 1
        }
        if place == calls.count { calls.append(ToolCall(id: "call_\(place)", name: "", arguments: "")) }
        if let id { calls[place].id = id }
        if let name { calls[place].name = name }
        calls[place].arguments += OpenAIFormat.arguments(item["function"])
    }
}
