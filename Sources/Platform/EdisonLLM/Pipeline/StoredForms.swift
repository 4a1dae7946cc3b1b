import EdisonCore

/// The stored forms of answers and failures.
extension ModelResponse {
    var json: JSONValue {
        var object: JSONObject = [
            "text": .string(text), "model": .string(model), "finish_reason": .string(finishReason.rawValue),
        ]
        object["reasoning"] = reasoning.map { .string($0) }
        object["response_id"] = responseID.map { .string($0) }
        if !toolCalls.isEmpty {
            object["tool_calls"] = .array(
                toolCalls.map { ["id": .string($0.id), "name": .string($0.name), "arguments": .string($0.arguments)] })
        }
        object["usage"] = usage?.json
        return .object(object)
    }

    init(json: JSONValue) {
        self.init(
            text: json["text"]?.string ?? "",
            toolCalls: (json["tool_calls"]?.array ?? []).map {
                ToolCall(
                    id: $0["id"]?.string ?? "", name: $0["name"]?.string ?? "", arguments: $0["arguments"]?.string ?? ""
                )
            },
            reasoning: json["reasoning"]?.string, usage: json["usage"].map(TokenUsage.init(json:)),
            model: json["model"]?.string ?? "",
            finishReason: FinishReason(rawValue: json["finish_reason"]?.string ?? "") ?? .other,
            responseID: json["response_id"]?.string)
    }
}

extension TokenUsage {
    var json: JSONValue {
        [
            "input": .integer(Int64(input)), "cache_read": .integer(Int64(cacheRead)),
            "cache_write": .integer(Int64(cacheWrite)), "output": .integer(Int64(output)),
            "reasoning": .integer(Int64(reasoning)),
        ]
    }

    init(json: JSONValue) {
        self.init(
            input: json["input"]?.int ?? 0, cacheRead: json["cache_read"]?.int ?? 0,
            cacheWrite: json["cache_write"]?.int ?? 0, output: json["output"]?.int ?? 0,
            reasoning: json["reasoning"]?.int ?? 0)
    }
}

extension ProviderFailure {
    var json: JSONValue {
        var object: JSONObject = ["kind": .string(kind.rawValue), "message": .string(message)]
        object["status"] = status.map { .integer(Int64($0)) }
        object["code"] = code.map { .string($0) }
        object["request_id"] = requestID.map { .string($0) }
        return .object(object)
    }

    init(json: JSONValue) {
        self.init(
            Kind(rawValue: json["kind"]?.string ?? "") ?? .serverError, json["message"]?.string ?? "",
            status: json["status"]?.int, code: json["code"]?.string)
        requestID = json["request_id"]?.string
    }

    /// Not a byte went out, so nothing can have been billed.
    var neverSent: Bool {
        status == nil && code == "refused" && [.connection, .badRequest, .cancelled].contains(kind)
    }

    /// The provider has read the request and will never answer it, whoever asks and whenever.
    var isRefusalOfRequest: Bool {
        [.badRequest, .tooLarge, .contentFiltered].contains(kind) && status.map { (400..<500).contains($0) } ?? false
    }
}

extension Duration {
    var wholeMicroseconds: Int {
        Int(components.seconds) * 1_000_000 + Int(components.attoseconds / 1_000_000_000_000)
    }

    var inSeconds: Double { Double(components.seconds) + Double(components.attoseconds) * 1e-18 }
}
