import EdisonCore
import Foundation

/// Reads the JSON of chat completions and embeddings.
enum OpenAIFormat {
    static func response(_ json: JSONValue, requestedModel: String) throws -> ModelResponse {
        guard let choice = json["choices"]?[0], let message = choice["message"] else {
            throw ProviderFailure(.malformed, "the answer has no choices")
        }
        let calls = (message["tool_calls"]?.array ?? []).enumerated().map(call)
        let refusal = message["refusal"]?.string
        let text = text(message["content"]) ?? ""
        return ModelResponse(
            text: text.isEmpty ? refusal ?? "" : text, toolCalls: calls,
            reasoning: reasoning(message), usage: usage(json["usage"]),
            model: nonEmpty(json["model"]) ?? requestedModel,
            finishReason: finish(choice["finish_reason"]?.string, hasCalls: !calls.isEmpty, isRefused: refusal != nil),
            responseID: nonEmpty(json["id"]))
    }

    /// Content is text, null, or a list of parts.
    static func text(_ content: JSONValue?) -> String? {
        content?.string ?? content?.array.map { $0.compactMap { $0["text"]?.string }.joined() }
    }

    /// OpenAI itself returns no reasoning; the others use one of two names.
    static func reasoning(_ json: JSONValue) -> String? {
        nonEmpty(json["reasoning_content"]) ?? nonEmpty(json["reasoning"])
    }

    static func nonEmpty(_ json: JSONValue?) -> String? { json?.string.flatMap { $0.isEmpty ? nil : $0 } }

    private static func call(_ index: Int, _ json: JSONValue) -> ToolCall {
        ToolCall(
            id: nonEmpty(json["id"]) ?? "call_\(index)", name: json["function"]?["name"]?.string ?? "",
            arguments: arguments(json["function"]))
    }

    /// Text, though some servers write the object itself.
    static func arguments(_ function: JSONValue?) -> String {
        guard let arguments = function?["arguments"], !arguments.isNull else { return "" }
        return arguments.string ?? arguments.text()
    }

    static func finish(_ word: String?, hasCalls: Bool, isRefused: Bool) -> FinishReason {
        switch word {
        case "stop", "eos", "eos_token", "end_turn", "", nil:
            isRefused ? .contentFilter : hasCalls ? .toolCalls : .stop
        case "length", "max_tokens": .length
        case "tool_calls", "function_call": .toolCalls
        case "content_filter": .contentFilter
        default: .other
        }
    }

    /// Prompt tokens include cached ones, completion tokens include reasoning. nil when the server doesn't count.
    static func usage(_ json: JSONValue?) -> TokenUsage? {
        guard let input = json?["prompt_tokens"]?.int, let json else { return nil }
        let output = json["completion_tokens"]?.int ?? json["total_tokens"]?.int.map { max(0, $0 - input) }
        guard let output else { return nil }
        let details = json["prompt_tokens_details"]
        return TokenUsage(
            input: input, cacheRead: details?["cached_tokens"]?.int ?? json["prompt_cache_hit_tokens"]?.int ?? 0,
            cacheWrite: details?["cache_write_tokens"]?.int ?? 0, output: output,
            reasoning: json["completion_tokens_details"]?["reasoning_tokens"]?.int ?? 0)
    }

    static func embeddings(_ json: JSONValue, count: Int, requestedModel: String) throws -> EmbeddingResponse {
        let data = json["data"]?.array ?? []
        guard data.count == count else {
            throw ProviderFailure(.malformed, "the answer holds \(data.count) embeddings for \(count) texts")
        }
        let ordered = data.enumerated().sorted { ($0.1["index"]?.int ?? $0.0) < ($1.1["index"]?.int ?? $1.0) }
        let vectors = ordered.map { vector($0.1["embedding"]) }
        guard vectors.allSatisfy({ !$0.isEmpty && $0.count == vectors[0].count }) else {
            throw ProviderFailure(
                .malformed, "an embedding is neither a list of numbers nor base64, or of another length")
        }
        return EmbeddingResponse(
            vectors: vectors, usage: json["usage"]?["prompt_tokens"]?.int.map { TokenUsage(input: $0, output: 0) },
            model: nonEmpty(json["model"]) ?? requestedModel)
    }

    /// Numbers, or base64 of little-endian 32-bit floats, which servers may send unasked.
    private static func vector(_ json: JSONValue?) -> [Float] {
        if let numbers = json?.array { return numbers.compactMap { $0.double.map(Float.init) } }
        guard let text = json?.string, let data = Data(base64Encoded: text), data.count % 4 == 0 else { return [] }
        let bytes = Array(data)
        return stride(from: 0, to: bytes.count, by: 4).map { place in
            let word = (0..<4).reduce(UInt32(0)) { $0 | UInt32(bytes[place + $1]) << (8 * UInt32($1)) }
            return Float(bitPattern: word)
        }
    }
}
