internal import EdisonCore

/// OpenAI chat completions: `POST …/chat/completions`, also under Azure's and Groq's paths.
struct OpenAIChatFormat: WireFormat {
    /// Whose differences an answer has.
    var host = OpenAIHost.openAI
    var name: String { host.rawValue }
    let streamType = "text/event-stream; charset=utf-8"

    func read(_ body: JSONValue, path: String) throws(WireFault) -> SimulatedRequest {
        let deployment = path.split(separator: "/").drop { $0 != "deployments" }.dropFirst().first.map(String.init)
        guard let model = deployment ?? body["model"]?.string, !model.isEmpty else {
            throw .invalid("you must provide a model parameter", code: "missing_required_parameter")
        }
        guard let messages = body["messages"]?.array, !messages.isEmpty else {
            throw .invalid("Missing required parameter: 'messages'.", code: "missing_required_parameter")
        }
        try host.check(body)
        var request = SimulatedRequest(model: model)
        request.turns = messages.map(turn)
        request.tools = (body["tools"]?.array ?? []).compactMap(tool)
        request.toolChoice = toolChoice(body["tool_choice"])
        let format = body["response_format"]
        request.schema = format?["json_schema"]?["schema"]
        request.wireSchemaName = format?["json_schema"]?["name"]?.string
        request.asksForJSON = format?["type"]?.string == "json_object"
        request.givenSeed = body["seed"]?.int.map { UInt64(bitPattern: Int64($0)) }
        request.streams = body["stream"]?.bool ?? false
        request.includesUsage = body["stream_options"]?["include_usage"]?.bool ?? false
        request.maxTokens = body["max_completion_tokens"]?.int ?? body["max_tokens"]?.int
        return request
    }

    private func turn(_ message: JSONValue) -> SimulatedRequest.Turn {
        let role: SimulatedRequest.Turn.Role =
            switch message["role"]?.string {
            case "system", "developer": .system
            case "assistant": .assistant
            case "tool", "function": .tool
            default: .user
            }
        let calls = (message["tool_calls"]?.array ?? []).map { $0["function"]?.text() ?? "" }
        return .init(
            role: role,
            text: ([MessageContent.text(message["content"])] + calls).filter { !$0.isEmpty }.joined(separator: "\n"))
    }

    private func tool(_ tool: JSONValue) -> SimulatedRequest.Tool? {
        guard let function = tool["function"], let name = function["name"]?.string else { return nil }
        return .init(
            name: name, description: function["description"]?.string ?? "", parameters: function["parameters"] ?? [:])
    }

    private func toolChoice(_ choice: JSONValue?) -> SimulatedRequest.ToolChoice {
        if let name = choice?["function"]?["name"]?.string { return .named(name) }
        return switch choice?.string {
        case "none": .none
        case "required": .required
        default: .auto
        }
    }

    func whole(_ answer: SimulatedAnswer, of request: SimulatedRequest, id: ResponseID) -> JSONValue {
        var message: JSONObject = [
            "role": "assistant", "content": .string(answer.text), "refusal": nil, "annotations": [],
        ]
        if let call = answer.toolCall {
            message["content"] = .null
            message["tool_calls"] = [
                [
                    "id": .string("call_\(id.text)"), "type": "function",
                    "function": ["name": .string(call.name), "arguments": .string(call.arguments.text())],
                ]
            ]
        }
        let whole: JSONObject = [
            "id": .string("chatcmpl-\(id.text)"), "object": "chat.completion", "created": .integer(id.created),
            "model": .string(request.model),
            "choices": [
                ["index": 0, "message": .object(message), "logprobs": nil, "finish_reason": .string(finish(answer))]
            ],
            "usage": usage(answer), "service_tier": "default", "system_fingerprint": "fp_simulated",
        ]
        return .object(host.dressed(whole, id))
    }

    private func finish(_ answer: SimulatedAnswer) -> String {
        switch answer.finish {
        case .stop: "stop"
        case .length: "length"
        case .toolCall: "tool_calls"
        }
    }

    private func usage(_ answer: SimulatedAnswer) -> JSONValue {
        let usage: JSONObject = [
            "prompt_tokens": JSONValue(answer.inputTokens), "completion_tokens": JSONValue(answer.outputTokens),
            "total_tokens": JSONValue(answer.inputTokens + answer.outputTokens),
            "prompt_tokens_details": ["cached_tokens": 0, "audio_tokens": 0],
            "completion_tokens_details": [
                "reasoning_tokens": 0, "audio_tokens": 0, "accepted_prediction_tokens": 0,
                "rejected_prediction_tokens": 0,
            ],
        ]
        return .object(host.timed(usage))
    }

    func frames(_ answer: SimulatedAnswer, of request: SimulatedRequest, id: ResponseID) -> [String] {
        var deltas: [JSONValue] = [["role": "assistant", "content": .string(""), "refusal": nil]]
        if let call = answer.toolCall {
            deltas = [["role": "assistant", "content": nil, "refusal": nil]]
            deltas.append(
                toolDelta([
                    "index": 0, "id": .string("call_\(id.text)"), "type": "function",
                    "function": ["name": .string(call.name), "arguments": ""],
                ]))
            deltas += Chunks.of(call.arguments.text()).map {
                toolDelta(["index": 0, "function": ["arguments": .string($0)]])
            }
        } else {
            deltas += answer.pieces.map { ["content": .string($0)] }
        }
        var chunks = deltas.map { chunk(choices: [choice($0, finish: nil)], request, id) }
        chunks.append(chunk(choices: [choice([:], finish: finish(answer))], request, id))
        var frames = host.dressed(chunks, usage(answer), id).map { sse($0) }
        if request.includesUsage { frames.append(sse(chunk(choices: [], request, id, usage: usage(answer)))) }
        return frames + ["data: [DONE]\n\n"]
    }

    private func toolDelta(_ call: JSONValue) -> JSONValue { ["tool_calls": [call]] }

    private func choice(_ delta: JSONValue, finish: String?) -> JSONValue {
        ["index": 0, "delta": delta, "logprobs": nil, "finish_reason": JSONValue(finish)]
    }

    private func chunk(choices: [JSONValue], _ request: SimulatedRequest, _ id: ResponseID, usage: JSONValue = .null)
        -> JSONValue
    {
        var chunk: JSONObject = [
            "id": .string("chatcmpl-\(id.text)"), "object": "chat.completion.chunk", "created": .integer(id.created),
            "model": .string(request.model), "service_tier": "default", "system_fingerprint": "fp_simulated",
            "choices": .array(choices),
        ]
        if request.includesUsage { chunk["usage"] = usage }
        return .object(chunk)
    }

    func error(_ fault: WireFault) -> JSONValue { OpenAIErrors.body(fault) }
}

/// The error envelope of OpenAI, with all four keys.
enum OpenAIErrors {
    static func body(_ fault: WireFault) -> JSONValue {
        let (type, code): (String, String?) =
            switch fault.kind {
            case .invalid: ("invalid_request_error", fault.code)
            case .unauthenticated: ("invalid_request_error", "invalid_api_key")
            case .notFound: ("invalid_request_error", fault.code ?? "model_not_found")
            case .rateLimited: ("requests", "rate_limit_exceeded")
            case .server, .unavailable, .overloaded, .timeOut: ("server_error", nil)
            }
        return [
            "error": ["message": .string(fault.message), "type": .string(type), "param": nil, "code": JSONValue(code)]
        ]
    }
}

/// Cuts JSON text into pieces as streams do.
enum Chunks {
    static func of(_ text: String, size: Int = 12) -> [String] {
        var pieces: [String] = []
        var rest = Substring(text)
        while !rest.isEmpty {
            pieces.append(String(rest.prefix(size)))
            rest = rest.dropFirst(size)
        }
        return pieces
    }
}
