internal import EdisonCore

/// Who serves OpenAI's format: Azure and Groq add to the answers, and Groq refuses what OpenAI takes.
enum OpenAIHost: String, Sendable {
    case openAI = "openai"
    case azure = "azure-openai"
    case groq

    /// Whether a stream counts its tokens unasked.
    var alwaysCounts: Bool { self == .groq }

    func check(_ body: JSONValue) throws(WireFault) {
        guard self == .groq else { return }
        for field in ["logprobs", "top_logprobs", "logit_bias"] where body[field] != nil {
            throw .invalid("property '\(field)' is unsupported")
        }
        if let count = body["n"]?.int, count != 1 { throw .invalid("'n' : number must be at most 1") }
        if body["messages"]?.array?.contains(where: { $0["name"] != nil && $0["role"] != "tool" }) == true {
            throw .invalid("property 'name' is unsupported")
        }
    }

    func dressed(_ whole: JSONObject, _ id: ResponseID) -> JSONObject {
        var whole = whole
        switch self {
        case .openAI: break
        case .groq: whole["x_groq"] = ["id": .string("req_\(id.text)")]
        case .azure:
            whole["prompt_filter_results"] = Self.filtered
            whole["choices"] = .array(
                (whole["choices"]?.array ?? []).map { choice in
                    var choice = choice.object ?? [:]
                    choice["content_filter_results"] = Self.safe
                    return .object(choice)
                })
        }
        return whole
    }

    /// Azure's stream begins with a chunk that has no choice; Groq's first chunk has an id and the last one the usage.
    func dressed(_ chunks: [JSONValue], _ usage: JSONValue, _ id: ResponseID) -> [JSONValue] {
        switch self {
        case .openAI: return chunks
        case .azure:
            let first: JSONValue = [
                "id": "", "object": "", "created": 0, "model": "", "choices": [],
                "prompt_filter_results": Self.filtered,
            ]
            return [first] + chunks
        case .groq:
            return chunks.enumerated().map { index, chunk in
                var chunk = chunk.object ?? [:]
                let request = JSONValue.string("req_\(id.text)")
                if index == 0 { chunk["x_groq"] = ["id": request] }
                if index == chunks.count - 1 { chunk["x_groq"] = ["id": request, "usage": usage] }
                return .object(chunk)
            }
        }
    }

    /// Groq tells how long each part took, in seconds.
    func timed(_ usage: JSONObject) -> JSONObject {
        guard self == .groq else { return usage }
        var usage = usage
        for name in ["queue_time", "prompt_time", "completion_time", "total_time"] { usage[name] = 0.001 }
        return usage
    }

    private static let safe: JSONValue = ["hate": ["filtered": false, "severity": "safe"]]
    private static let filtered: JSONValue = [["prompt_index": 0, "content_filter_results": safe]]
}
