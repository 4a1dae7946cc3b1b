internal import EdisonCore

/// Ollama's own interface: `POST /api/chat` and `POST /api/generate`, which stream unless told not to.
struct OllamaFormat: WireFormat {
    let isChat: Bool

    var name: String { isChat ? "ollama" : "ollama-generate" }
    let streamType = "application/x-ndjson"

    func read(_ body: JSONValue, path: String) throws(WireFault) -> SimulatedRequest {
        guard let model = body["model"]?.string, !model.isEmpty else { throw .invalid("model is required") }
        var request = SimulatedRequest(model: model)
        if isChat {
            request.turns = (body["messages"]?.array ?? []).map { message in
                let role: SimulatedRequest.Turn.Role =
                    switch message["role"]?.string {
                    case "system": .system
                    case "assistant": .assistant
                    case "tool": .tool
                    default: .user
                    }
                return .init(role: role, text: message["content"]?.string ?? "")
            }
        } else {
            if let system = body["system"]?.string, !system.isEmpty {
                request.turns.append(.init(role: .system, text: system))
            }
            request.turns.append(.init(role: .user, text: body["prompt"]?.string ?? ""))
        }
        request.tools = (body["tools"]?.array ?? []).compactMap { tool in
            guard let name = tool["function"]?["name"]?.string else { return nil }
            let description = tool["function"]?["description"]?.string ?? ""
            return .init(name: name, description: description, parameters: tool["function"]?["parameters"] ?? [:])
        }
        if body["format"]?.object != nil { request.schema = body["format"] }
        request.asksForJSON = body["format"]?.string == "json"
        request.givenSeed = body["options"]?["seed"]?.int.map { UInt64(bitPattern: Int64($0)) }
        request.maxTokens = body["options"]?["num_predict"]?.int
        request.streams = body["stream"]?.bool ?? true
        return request
    }

    func whole(_ answer: SimulatedAnswer, of request: SimulatedRequest, id: ResponseID) -> JSONValue {
        .object(ending(answer, request, id, text: answer.text, withCall: true))
    }

    func frames(_ answer: SimulatedAnswer, of request: SimulatedRequest, id: ResponseID) -> [String] {
        var lines = answer.pieces.map { JSONValue.object(line(request, id, text: $0, isDone: false)) }
        if answer.toolCall != nil {
            lines = [
                .object(
                    line(request, id, text: "", isDone: false).with(
                        "message", message(answer, text: "", withCall: true)))
            ]
        }
        lines.append(.object(ending(answer, request, id, text: "", withCall: false)))
        return lines.map { $0.text() + "\n" }
    }

    private func line(_ request: SimulatedRequest, _ id: ResponseID, text: String, isDone: Bool) -> JSONObject {
        var line: JSONObject = [
            "model": .string(request.model), "created_at": .string(id.time.rfc3339), "done": .bool(isDone),
        ]
        if isChat {
            line["message"] = ["role": "assistant", "content": .string(text)]
        } else {
            line["response"] = .string(text)
        }
        return line
    }

    private func message(_ answer: SimulatedAnswer, text: String, withCall: Bool) -> JSONValue {
        var message: JSONObject = ["role": "assistant", "content": .string(text)]
        if withCall, let call = answer.toolCall {
            message["tool_calls"] = [["function": ["name": .string(call.name), "arguments": call.arguments]]]
        }
        return .object(message)
    }

    private func ending(
        _ answer: SimulatedAnswer, _ request: SimulatedRequest, _ id: ResponseID, text: String, withCall: Bool
    ) -> JSONObject {
        var line = line(request, id, text: text, isDone: true)
        if isChat { line["message"] = message(answer, text: text, withCall: withCall) }
        line["done_reason"] = answer.finish == .length ? "length" : "stop"
        // Nanoseconds, as if a token took five milliseconds.
        let duration = Int64(answer.outputTokens) * 5_000_000
        for (key, value) in [
            ("total_duration", duration + 1_000_000), ("load_duration", 500_000),
            ("prompt_eval_count", Int64(answer.inputTokens)),
            ("prompt_eval_duration", 500_000), ("eval_count", Int64(answer.outputTokens)), ("eval_duration", duration),
        ] { line[key] = .integer(value) }
        return line
    }

    func error(_ fault: WireFault) -> JSONValue { ["error": .string(fault.message)] }
}
