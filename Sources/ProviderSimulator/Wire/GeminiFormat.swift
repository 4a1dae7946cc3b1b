internal import EdisonCore

/// Gemini's `generateContent` and `streamGenerateContent`, of the developer interface and of Vertex.
///
/// The verb and the model stand in the path; keys come in camel or snake case, often mixed in one body.
struct GeminiFormat: WireFormat {
    let name = "gemini"
    let streamType = "text/event-stream"

    func read(_ body: JSONValue, path: String) throws(WireFault) -> SimulatedRequest {
        guard let model = Self.model(in: path) else { throw .invalid("The model is missing from the path.") }
        guard let contents = body["contents"]?.array, !contents.isEmpty else {
            throw .invalid("contents is not specified")
        }
        var request = SimulatedRequest(model: model)
        let system = text(field(body, "systemInstruction"))
        if !system.isEmpty { request.turns.append(.init(role: .system, text: system)) }
        request.turns += contents.map(turn)
        let configuration = field(body, "generationConfig")
        request.schema = field(configuration, "responseJsonSchema") ?? field(configuration, "responseSchema")
        request.asksForJSON = field(configuration, "responseMimeType")?.string == "application/json"
        request.givenSeed = configuration?["seed"]?.int.map { UInt64(bitPattern: Int64($0)) }
        request.maxTokens = field(configuration, "maxOutputTokens")?.int
        request.streams = path.hasSuffix(":streamGenerateContent")
        for tool in body["tools"]?.array ?? [] { request.tools += declarations(tool) }
        switch field(field(field(body, "toolConfig"), "functionCallingConfig"), "mode")?.string {
        case "ANY": request.toolChoice = .required
        case "NONE": request.toolChoice = .none
        default: break
        }
        return request
    }

    /// The last part of the path before the verb, without what leads to it.
    static func model(in path: String) -> String? {
        guard let colon = path.lastIndex(of: ":"), let start = path.firstRange(of: "/models/") else { return nil }
        return start.upperBound < colon ? String(path[start.upperBound..<colon]) : nil
    }

    private func field(_ value: JSONValue?, _ key: String) -> JSONValue? {
        if let found = value?[key] { return found }
        let snake = key.reduce(into: "") { $0 += $1.isUppercase ? "_" + $1.lowercased() : String($1) }
        return value?[snake]
    }

    private func text(_ content: JSONValue?) -> String {
        if let text = content?.string { return text }
        return (content?["parts"]?.array ?? []).compactMap { part in
            part["text"]?.string ?? field(part, "functionResponse")?["response"]?.text()
        }.joined(separator: "\n")
    }

    private func turn(_ content: JSONValue) -> SimulatedRequest.Turn {
        let parts = content["parts"]?.array ?? []
        if parts.contains(where: { field($0, "functionResponse") != nil }) {
            return .init(role: .tool, text: text(content))
        }
        return .init(role: content["role"]?.string == "model" ? .assistant : .user, text: text(content))
    }

    private func declarations(_ tool: JSONValue) -> [SimulatedRequest.Tool] {
        (field(tool, "functionDeclarations")?.array ?? []).compactMap { function in
            guard let name = function["name"]?.string else { return nil }
            let parameters = field(function, "parametersJsonSchema") ?? function["parameters"] ?? [:]
            return .init(name: name, description: function["description"]?.string ?? "", parameters: parameters)
        }
    }

    func whole(_ answer: SimulatedAnswer, of request: SimulatedRequest, id: ResponseID) -> JSONValue {
        chunk(parts: parts(answer), answer, request, id, isLast: true)
    }

    func frames(_ answer: SimulatedAnswer, of request: SimulatedRequest, id: ResponseID) -> [String] {
        let pieces: [[JSONValue]] =
            answer.toolCall == nil ? answer.pieces.map { [["text": .string($0)]] } : [parts(answer)]
        let chunks = pieces.isEmpty ? [[]] : pieces
        return chunks.enumerated().map { index, parts in
            "data: \(chunk(parts: parts, answer, request, id, isLast: index == chunks.count - 1).text())\r\n\r\n"
        }
    }

    private func parts(_ answer: SimulatedAnswer) -> [JSONValue] {
        guard let call = answer.toolCall else { return answer.text.isEmpty ? [] : [["text": .string(answer.text)]] }
        return [["functionCall": ["name": .string(call.name), "args": call.arguments]]]
    }

    private func chunk(
        parts: [JSONValue], _ answer: SimulatedAnswer, _ request: SimulatedRequest, _ id: ResponseID, isLast: Bool
    ) -> JSONValue {
        var candidate: JSONObject = ["content": ["role": "model", "parts": .array(parts)], "index": 0]
        if isLast { candidate["finishReason"] = answer.finish == .length ? "MAX_TOKENS" : "STOP" }
        return [
            "candidates": [.object(candidate)],
            "usageMetadata": [
                "promptTokenCount": JSONValue(answer.inputTokens),
                "candidatesTokenCount": JSONValue(answer.outputTokens),
                "totalTokenCount": JSONValue(answer.inputTokens + answer.outputTokens),
            ],
            "modelVersion": .string(request.model), "responseId": .string(id.text),
        ]
    }

    func error(_ fault: WireFault) -> JSONValue {
        let status =
            switch fault.kind {
            case .invalid: "INVALID_ARGUMENT"
            case .unauthenticated: "UNAUTHENTICATED"
            case .notFound: "NOT_FOUND"
            case .rateLimited: "RESOURCE_EXHAUSTED"
            case .server: "INTERNAL"
            case .unavailable, .overloaded: "UNAVAILABLE"
            case .timeOut: "DEADLINE_EXCEEDED"
            }
        var error: JSONObject = [
            "code": JSONValue(fault.status), "message": .string(fault.message), "status": .string(status),
        ]
        if fault.kind == .rateLimited {
            error["details"] = [["@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": "1s"]]
        }
        return ["error": .object(error)]
    }
}
