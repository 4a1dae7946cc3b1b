internal import EdisonCore

/// Anthropic messages: `POST …/v1/messages`, both generations of the client.
struct AnthropicFormat: WireFormat {
    let name = "anthropic"
    let streamType = "text/event-stream; charset=utf-8"
    /// Counting tokens needs no limit of the answer.
    var isCounting = false

    func read(_ body: JSONValue, path: String) throws(WireFault) -> SimulatedRequest {
        guard let model = body["model"]?.string, !model.isEmpty else { throw .invalid("model: Field required") }
        if !isCounting, body["max_tokens"]?.int == nil { throw .invalid("max_tokens: Field required") }
        guard let messages = body["messages"]?.array, !messages.isEmpty else {
            throw .invalid("messages: Field required")
        }
        var request = SimulatedRequest(model: model)
        let system = MessageContent.text(body["system"])
        if !system.isEmpty { request.turns.append(.init(role: .system, text: system)) }
        request.turns += messages.map(turn)
        request.tools = (body["tools"]?.array ?? []).compactMap { tool in
            guard let name = tool["name"]?.string else { return nil }
            return .init(
                name: name, description: tool["description"]?.string ?? "", parameters: tool["input_schema"] ?? [:])
        }
        request.toolChoice = toolChoice(body["tool_choice"])
        request.schema = body["output_config"]?["format"]?["schema"] ?? body["output_format"]?["schema"]
        request.streams = body["stream"]?.bool ?? false
        request.includesUsage = true
        request.maxTokens = body["max_tokens"]?.int
        return request
    }

    private func turn(_ message: JSONValue) -> SimulatedRequest.Turn {
        let blocks = message["content"]?.array ?? []
        if blocks.contains(where: { $0["type"]?.string == "tool_result" }) {
            return .init(role: .tool, text: MessageContent.text(message["content"]))
        }
        let calls = blocks.compactMap { $0["type"]?.string == "tool_use" ? $0["input"]?.text() : nil }
        let text = ([MessageContent.text(message["content"])] + calls).filter { !$0.isEmpty }.joined(separator: "\n")
        switch message["role"]?.string {
        case "assistant": return .init(role: .assistant, text: text)
        case "system": return .init(role: .system, text: text)
        default: return .init(role: .user, text: text)
        }
    }

    private func toolChoice(_ choice: JSONValue?) -> SimulatedRequest.ToolChoice {
        switch choice?["type"]?.string {
        case "any": .required
        case "none": .none
        case "tool": choice?["name"]?.string.map { .named($0) } ?? .required
        default: .auto
        }
    }

    func whole(_ answer: SimulatedAnswer, of request: SimulatedRequest, id: ResponseID) -> JSONValue {
        var content: JSONValue = [["type": "text", "text": .string(answer.text), "citations": nil]]
        if let call = answer.toolCall {
            content = [
                [
                    "type": "tool_use", "id": .string("toolu_\(id.text)"), "name": .string(call.name),
                    "input": call.arguments,
                ]
            ]
        }
        if answer.text.isEmpty, answer.toolCall == nil { content = [] }
        return message(
            request, id, content: content, stop: stopReason(answer), usage: usage(answer, output: answer.outputTokens))
    }

    private func message(
        _ request: SimulatedRequest, _ id: ResponseID, content: JSONValue, stop: String?, usage: JSONValue
    ) -> JSONValue {
        [
            "id": .string("msg_\(id.text)"), "type": "message", "role": "assistant", "model": .string(request.model),
            "content": content,
            "stop_reason": JSONValue(stop), "stop_sequence": nil, "usage": usage,
        ]
    }

    private func stopReason(_ answer: SimulatedAnswer) -> String {
        switch answer.finish {
        case .stop: "end_turn"
        case .length: "max_tokens"
        case .toolCall: "tool_use"
        }
    }

    private func usage(_ answer: SimulatedAnswer, output: Int) -> JSONValue {
        [
            "input_tokens": JSONValue(answer.inputTokens), "cache_creation_input_tokens": 0,
            "cache_read_input_tokens": 0,
            "cache_creation": ["ephemeral_5m_input_tokens": 0, "ephemeral_1h_input_tokens": 0],
            "output_tokens": JSONValue(output),
            "service_tier": "standard",
        ]
    }

    func frames(_ answer: SimulatedAnswer, of request: SimulatedRequest, id: ResponseID) -> [String] {
        let start = message(request, id, content: [], stop: nil, usage: usage(answer, output: 1))
        var frames = [event("message_start", ["message": start]), event("ping", [:])]
        var block: JSONValue = ["type": "text", "text": ""]
        var deltas: [JSONValue] = answer.pieces.map { ["type": "text_delta", "text": .string($0)] }
        if let call = answer.toolCall {
            block = ["type": "tool_use", "id": .string("toolu_\(id.text)"), "name": .string(call.name), "input": [:]]
            deltas = Chunks.of(call.arguments.text()).map { ["type": "input_json_delta", "partial_json": .string($0)] }
        }
        frames.append(event("content_block_start", ["index": 0, "content_block": block]))
        frames += deltas.map { event("content_block_delta", ["index": 0, "delta": $0]) }
        frames.append(event("content_block_stop", ["index": 0]))
        frames.append(
            event(
                "message_delta",
                [
                    "delta": ["stop_reason": .string(stopReason(answer)), "stop_sequence": nil],
                    "usage": ["output_tokens": JSONValue(answer.outputTokens)],
                ]))
        return frames + [event("message_stop", [:])]
    }

    private func event(_ type: String, _ fields: JSONObject) -> String {
        sse(event: type, .object(fields.reduce(into: ["type": .string(type)]) { $0[$1.key] = $1.value }))
    }

    func error(_ fault: WireFault) -> JSONValue {
        let type =
            switch fault.kind {
            case .invalid: "invalid_request_error"
            case .unauthenticated: "authentication_error"
            case .notFound: "not_found_error"
            case .rateLimited: "rate_limit_error"
            case .server: "api_error"
            case .unavailable: "unavailable"
            case .overloaded: "overloaded_error"
            case .timeOut: "timeout_error"
            }
        return [
            "type": "error", "error": ["type": .string(type), "message": .string(fault.message)],
            "request_id": "req_simulated",
        ]
    }
}
