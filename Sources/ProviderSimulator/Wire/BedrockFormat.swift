internal import EdisonCore
internal import Foundation

/// Bedrock's `POST /model/{id}/converse` and `…/converse-stream`, whose stream is binary.
///
/// The model stands in the path as one encoded segment. Signatures are not checked, but for the name of their key.
struct BedrockFormat: WireFormat {
    let name = "bedrock"
    let streamType = "application/vnd.amazon.eventstream"

    func read(_ body: JSONValue, path: String) throws(WireFault) -> SimulatedRequest {
        guard let model = Self.model(in: path) else { throw .invalid("The model is missing from the path.") }
        guard let messages = body["messages"]?.array, !messages.isEmpty else {
            throw .invalid("The messages field is required.")
        }
        guard messages[0]["role"] == "user" else { throw .invalid("A conversation must start with a user message.") }
        for (first, second) in zip(messages, messages.dropFirst()) where first["role"] == second["role"] {
            throw .invalid("The roles of a conversation must alternate.")
        }
        var request = SimulatedRequest(model: model)
        let system = (body["system"]?.array ?? []).compactMap { $0["text"]?.string }.joined(separator: "\n")
        if !system.isEmpty { request.turns.append(.init(role: .system, text: system)) }
        request.turns += messages.map(turn)
        request.tools = (body["toolConfig"]?["tools"]?.array ?? []).compactMap { tool in
            guard let spec = tool["toolSpec"], let name = spec["name"]?.string else { return nil }
            return .init(
                name: name, description: spec["description"]?.string ?? "",
                parameters: spec["inputSchema"]?["json"] ?? [:])
        }
        let choice = body["toolConfig"]?["toolChoice"]
        if let name = choice?["tool"]?["name"]?.string {
            request.toolChoice = .named(name)
            // A structured answer is asked for so: the call of the tool is the answer.
            if StructuredCall(rawValue: name) != nil {
                request.wireSchemaName = name
                request.schema = request.tools.first { $0.name == name }?.parameters
            }
        } else if choice?["any"] != nil {
            request.toolChoice = .required
        }
        let format = body["outputConfig"]?["textFormat"]?["structure"]?["jsonSchema"]
        if let schema = format?["schema"]?.string {
            request.schema = try? JSONValue(parsing: schema)
            request.wireSchemaName = format?["name"]?.string
        }
        request.streams = path.hasSuffix("-stream")
        request.includesUsage = true
        request.maxTokens = body["inferenceConfig"]?["maxTokens"]?.int
        return request
    }

    static func model(in path: String) -> String? {
        let parts = path.split(separator: "/")
        guard parts.count >= 3, parts[parts.count - 3] == "model" else { return nil }
        return parts[parts.count - 2].removingPercentEncoding
    }

    private func turn(_ message: JSONValue) -> SimulatedRequest.Turn {
        let blocks = message["content"]?.array ?? []
        let results = blocks.compactMap { $0["toolResult"] }
        if !results.isEmpty {
            let text = results.flatMap { $0["content"]?.array ?? [] }.map { $0["text"]?.string ?? $0.text() }
            return .init(role: .tool, text: text.joined(separator: "\n"))
        }
        let text = blocks.compactMap { $0["text"]?.string ?? $0["toolUse"]?["input"]?.text() }.joined(separator: "\n")
        return .init(role: message["role"] == "assistant" ? .assistant : .user, text: text)
    }

    /// A structured answer as the call of its tool; what is no JSON stays text.
    private func called(_ answer: SimulatedAnswer, _ request: SimulatedRequest) -> SimulatedAnswer {
        guard case .named(let name) = request.toolChoice, request.schema != nil, answer.toolCall == nil,
            let json = try? JSONValue(parsing: answer.text), json.object != nil
        else { return answer }
        var call = SimulatedAnswer(call: name, arguments: json)
        (call.inputTokens, call.outputTokens) = (answer.inputTokens, answer.outputTokens)
        return call
    }

    func whole(_ answer: SimulatedAnswer, of request: SimulatedRequest, id: ResponseID) -> JSONValue {
        let answer = called(answer, request)
        var content: [JSONValue] = answer.text.isEmpty ? [] : [["text": .string(answer.text)]]
        if let call = answer.toolCall {
            content = [["toolUse": Self.tool(call, id).adding("input", call.arguments)]]
        }
        return [
            "output": ["message": ["role": "assistant", "content": .array(content)]],
            "stopReason": .string(stopReason(answer)), "usage": usage(answer), "metrics": ["latencyMs": 1],
        ]
    }

    private static func tool(_ call: SimulatedAnswer.ToolCall, _ id: ResponseID) -> JSONObject {
        ["toolUseId": .string("tooluse_\(id.text)"), "name": .string(call.name)]
    }

    private func stopReason(_ answer: SimulatedAnswer) -> String {
        switch answer.finish {
        case .stop: "end_turn"
        case .length: "max_tokens"
        case .toolCall: "tool_use"
        }
    }

    private func usage(_ answer: SimulatedAnswer) -> JSONValue {
        [
            "inputTokens": JSONValue(answer.inputTokens), "outputTokens": JSONValue(answer.outputTokens),
            "totalTokens": JSONValue(answer.inputTokens + answer.outputTokens),
        ]
    }

    /// Each is the name of an event, a line end, and its JSON; `bytes` makes the binary message of it.
    func frames(_ answer: SimulatedAnswer, of request: SimulatedRequest, id: ResponseID) -> [String] {
        let answer = called(answer, request)
        var frames = [event("messageStart", ["role": "assistant"])]
        if let call = answer.toolCall {
            let start: JSONValue = ["toolUse": .object(Self.tool(call, id))]
            frames.append(event("contentBlockStart", ["contentBlockIndex": 0, "start": start]))
            frames += Chunks.of(call.arguments.text()).map { delta(["toolUse": ["input": .string($0)]]) }
        } else {
            // A block of text is announced by nothing.
            frames += answer.pieces.map { delta(["text": .string($0)]) }
        }
        frames.append(event("contentBlockStop", ["contentBlockIndex": 0]))
        frames.append(event("messageStop", ["stopReason": .string(stopReason(answer))]))
        return frames + [event("metadata", ["usage": usage(answer), "metrics": ["latencyMs": 1]])]
    }

    private func delta(_ delta: JSONValue) -> String {
        event("contentBlockDelta", ["contentBlockIndex": 0, "delta": delta])
    }

    private func event(_ name: String, _ payload: JSONObject) -> String {
        // The service pads its payloads.
        "\(name)\n\(payload.adding("p", "abcd").text())"
    }

    func bytes(of frame: String) -> [UInt8] {
        let parts = frame.split(separator: "\n", maxSplits: 1)
        let headers = [
            (":event-type", parts.first.map(String.init) ?? ""), (":content-type", "application/json"),
            (":message-type", "event"),
        ]
        return BinaryMessage.bytes(headers: headers, payload: Array((parts.count > 1 ? parts[1] : "").utf8))
    }

    func error(_ fault: WireFault) -> JSONValue {
        let type =
            switch fault.kind {
            case .invalid: "ValidationException"
            case .unauthenticated: "UnrecognizedClientException"
            case .notFound: "ResourceNotFoundException"
            case .rateLimited: "ThrottlingException"
            case .server: "InternalServerException"
            case .unavailable, .overloaded: "ServiceUnavailableException"
            case .timeOut: "ModelTimeoutException"
            }
        return ["message": .string(fault.message), "__type": .string(type)]
    }
}

extension JSONObject {
    fileprivate func adding(_ key: String, _ value: JSONValue) -> JSONValue {
        var object = self
        object[key] = value
        return .object(object)
    }
}

/// The frame of a binary event stream: lengths, headers, payload, and two checksums.
private enum BinaryMessage {
    static func bytes(headers: [(String, String)], payload: [UInt8]) -> [UInt8] {
        var head: [UInt8] = []
        for (name, value) in headers {
            head += [UInt8(name.utf8.count)]
            head += name.utf8
            // 7: a text.
            head += [7]
            head += number(UInt32(value.utf8.count)).suffix(2)
            head += value.utf8
        }
        let start = number(UInt32(head.count + payload.count + 16)) + number(UInt32(head.count))
        let message = start + number(check(start)) + head + payload
        return message + number(check(message))
    }

    private static func number(_ value: UInt32) -> [UInt8] {
        [UInt8(value >> 24), UInt8(value >> 16 & 255), UInt8(value >> 8 & 255), UInt8(value & 255)]
    }

    /// CRC-32, bit by bit.
    private static func check(_ bytes: [UInt8]) -> UInt32 {
        var value = UInt32.max
        for byte in bytes {
            value ^= UInt32(byte)
            for _ in 0..<8 { value = value & 1 == 1 ? value >> 1 ^ 0xEDB8_8320 : value >> 1 }
        }
        return ~value
    }
}
