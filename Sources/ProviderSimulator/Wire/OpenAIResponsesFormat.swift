internal import EdisonCore

/// OpenAI responses: `POST …/responses`, without server-side state.
struct OpenAIResponsesFormat: WireFormat {
    let name = "openai-responses"
    let streamType = "text/event-stream; charset=utf-8"

    func read(_ body: JSONValue, path: String) throws(WireFault) -> SimulatedRequest {
        guard let model = body["model"]?.string, !model.isEmpty else {
            throw .invalid("Missing required parameter: 'model'.")
        }
        guard let input = body["input"] else { throw .invalid("Missing required parameter: 'input'.") }
        var request = SimulatedRequest(model: model)
        if let instructions = body["instructions"]?.string {
            request.turns.append(.init(role: .system, text: instructions))
        }
        if let text = input.string { request.turns.append(.init(role: .user, text: text)) }
        request.turns += (input.array ?? []).compactMap(turn)
        request.tools = (body["tools"]?.array ?? []).compactMap { tool in
            guard let name = tool["name"]?.string else { return nil }
            return .init(
                name: name, description: tool["description"]?.string ?? "", parameters: tool["parameters"] ?? [:])
        }
        if let name = body["tool_choice"]?["name"]?.string { request.toolChoice = .named(name) }
        if body["tool_choice"]?.string == "required" { request.toolChoice = .required }
        if body["tool_choice"]?.string == "none" { request.toolChoice = .none }
        let format = body["text"]?["format"]
        request.schema = format?["schema"]
        request.wireSchemaName = format?["name"]?.string
        request.asksForJSON = format?["type"]?.string == "json_object"
        request.streams = body["stream"]?.bool ?? false
        request.maxTokens = body["max_output_tokens"]?.int
        return request
    }

    private func turn(_ item: JSONValue) -> SimulatedRequest.Turn? {
        switch item["type"]?.string {
        case "function_call_output": return .init(role: .tool, text: MessageContent.text(item["output"]))
        case "function_call": return .init(role: .assistant, text: item["arguments"]?.string ?? "")
        case nil, "message":
            let role: SimulatedRequest.Turn.Role =
                switch item["role"]?.string {
                case "system", "developer": .system
                case "assistant": .assistant
                default: .user
                }
            return .init(role: role, text: MessageContent.text(item["content"]))
        default: return nil
        }
    }

    func whole(_ answer: SimulatedAnswer, of request: SimulatedRequest, id: ResponseID) -> JSONValue {
        response(answer, request, id, isDone: true)
    }

    private func response(_ answer: SimulatedAnswer, _ request: SimulatedRequest, _ id: ResponseID, isDone: Bool)
        -> JSONValue
    {
        let isCut = answer.finish == .length
        var response: JSONObject = [
            "id": .string("resp_\(id.text)"), "object": "response", "created_at": .integer(id.created),
            "status": isDone ? (isCut ? "incomplete" : "completed") : "in_progress", "background": false, "error": nil,
            "incomplete_details": isDone && isCut ? ["reason": "max_output_tokens"] : nil, "instructions": nil,
            "max_output_tokens": JSONValue(request.maxTokens), "model": .string(request.model),
            "output": isDone ? [item(answer, id, isDone: true)] : [], "parallel_tool_calls": true,
            "previous_response_id": nil,
            "reasoning": ["effort": nil, "summary": nil], "service_tier": "default", "store": false, "temperature": 1.0,
            "text": ["format": ["type": "text"], "verbosity": "medium"], "tool_choice": "auto", "tools": [],
            "top_p": 1.0,
            "truncation": "disabled", "usage": nil, "user": nil, "metadata": [:],
        ]
        if isDone {
            response["usage"] = [
                "input_tokens": JSONValue(answer.inputTokens),
                "input_tokens_details": ["cached_tokens": 0, "cache_write_tokens": 0],
                "output_tokens": JSONValue(answer.outputTokens), "output_tokens_details": ["reasoning_tokens": 0],
                "total_tokens": JSONValue(answer.inputTokens + answer.outputTokens),
            ]
        }
        return .object(response)
    }

    private func item(_ answer: SimulatedAnswer, _ id: ResponseID, isDone: Bool) -> JSONValue {
        let status: JSONValue = isDone ? "completed" : "in_progress"
        if let call = answer.toolCall {
            return [
                "type": "function_call", "id": .string("fc_\(id.text)"), "call_id": .string("call_\(id.text)"),
                "name": .string(call.name),
                "arguments": .string(isDone ? call.arguments.text() : ""), "status": status,
            ]
        }
        return [
            "type": "message", "id": .string("msg_\(id.text)"), "status": status, "role": "assistant",
            "content": isDone ? [part(answer.text)] : [],
        ]
    }

    private func part(_ text: String) -> JSONValue {
        ["type": "output_text", "text": .string(text), "annotations": [], "logprobs": []]
    }

    func frames(_ answer: SimulatedAnswer, of request: SimulatedRequest, id: ResponseID) -> [String] {
        var events: [(String, JSONObject)] = []
        let running = response(answer, request, id, isDone: false)
        events.append(("response.created", ["response": running]))
        events.append(("response.in_progress", ["response": running]))
        events.append(("response.output_item.added", ["output_index": 0, "item": item(answer, id, isDone: false)]))
        if let call = answer.toolCall {
            let place: JSONObject = ["item_id": .string("fc_\(id.text)"), "output_index": 0]
            events += Chunks.of(call.arguments.text()).map {
                ("response.function_call_arguments.delta", place.with("delta", .string($0)))
            }
            events.append(
                (
                    "response.function_call_arguments.done",
                    place.with("arguments", .string(call.arguments.text())).with("name", .string(call.name))
                ))
        } else {
            let place: JSONObject = ["item_id": .string("msg_\(id.text)"), "output_index": 0, "content_index": 0]
            events.append(("response.content_part.added", place.with("part", part(""))))
            events += answer.pieces.map {
                ("response.output_text.delta", place.with("delta", .string($0)).with("logprobs", []))
            }
            events.append(("response.output_text.done", place.with("text", .string(answer.text)).with("logprobs", [])))
            events.append(("response.content_part.done", place.with("part", part(answer.text))))
        }
        events.append(("response.output_item.done", ["output_index": 0, "item": item(answer, id, isDone: true)]))
        let end = answer.finish == .length ? "response.incomplete" : "response.completed"
        events.append((end, ["response": response(answer, request, id, isDone: true)]))
        return events.enumerated().map { number, event in
            let head: JSONObject = ["type": .string(event.0), "sequence_number": .integer(Int64(number))]
            return sse(event: event.0, .object(event.1.reduce(into: head) { $0[$1.key] = $1.value }))
        }
    }

    func error(_ fault: WireFault) -> JSONValue { OpenAIErrors.body(fault) }
}

extension JSONObject {
    func with(_ key: String, _ value: JSONValue) -> JSONObject {
        var object = self
        object[key] = value
        return object
    }
}
