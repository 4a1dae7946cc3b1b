import EdisonCore
import Foundation

/// The JSON of chat completions and embeddings.
enum OpenAIFormat {
    static func body(_ request: ModelRequest, _ endpoint: Endpoint, stream: Bool) -> JSONValue {
        let settings = endpoint.settings
        let hasSchemas = settings["supports_json_schema"]?.bool ?? true
        var body: JSONObject = ["model": .string(request.model)]
        var messages = request.messages
        if case .schema(let schema) = request.responseFormat, !hasSchemas { messages = messages.asking(for: schema) }
        body["messages"] = .array(messages.map(message))
        let parameters = request.parameters
        body["temperature"] = parameters.temperature.map { .number($0) }
        body["top_p"] = parameters.topP.map { .number($0) }
        body["frequency_penalty"] = parameters.frequencyPenalty.map { .number($0) }
        body["presence_penalty"] = parameters.presencePenalty.map { .number($0) }
        body["reasoning_effort"] = parameters.reasoningEffort.map { .string($0) }
        let isOpenAI = endpoint.kind == .openAI
        let limitField = settings["max_tokens_field"]?.string ?? (isOpenAI ? "max_completion_tokens" : "max_tokens")
        body[limitField] = parameters.maxTokens.map { .integer(Int64($0)) }
        body["seed"] = request.seed.map { .integer(Int64($0)) }
        if !isOpenAI { body["top_k"] = parameters.topK.map { .integer(Int64($0)) } }
        if !parameters.stop.isEmpty { body["stop"] = .array(parameters.stop.map { .string($0) }) }
        if !request.tools.isEmpty { body["tools"] = .array(request.tools.map(tool)) }
        body["tool_choice"] = request.toolChoice.map(choice)
        body["response_format"] = format(request.responseFormat, hasSchemas)
        if stream {
            body["stream"] = true
            if settings["supports_stream_options"]?.bool ?? true { body["stream_options"] = ["include_usage": true] }
        }
        for (key, value) in parameters.extra { body[key] = value }
        return .object(body)
    }

    private static func format(_ format: ResponseFormat, _ hasSchemas: Bool) -> JSONValue? {
        switch format {
        case .text: nil
        case .json: ["type": "json_object"]
        case .schema(let schema):
            hasSchemas
                ? [
                    "type": "json_schema",
                    "json_schema": ["name": .string(schema.name), "strict": true, "schema": schema.schema],
                ] : nil
        }
    }

    private static func message(_ message: Message) -> JSONValue {
        var object: JSONObject = ["role": .string(message.role.rawValue)]
        let isPlain = message.content.allSatisfy { if case .text = $0 { true } else { false } }
        if message.content.isEmpty, !message.toolCalls.isEmpty {
            object["content"] = .null
        } else if isPlain {
            object["content"] = .string(message.text)
        } else {
            object["content"] = .array(message.content.map(part))
        }
        object["name"] = message.name.map { .string($0) }
        object["tool_call_id"] = message.toolCallID.map { .string($0) }
        if !message.toolCalls.isEmpty {
            object["tool_calls"] = .array(
                message.toolCalls.map { call in
                    [
                        "id": .string(call.id), "type": "function",
                        "function": ["name": .string(call.name), "arguments": .string(call.arguments)],
                    ]
                })
        }
        return .object(object)
    }

    private static func part(_ part: ContentPart) -> JSONValue {
        switch part {
        case .text(let text): ["type": "text", "text": .string(text)]
        case .image(let type, let data):
            ["type": "image_url", "image_url": ["url": .string("data:\(type);base64,\(data)")]]
        case .imageURL(let url): ["type": "image_url", "image_url": ["url": .string(url)]]
        }
    }

    private static func tool(_ tool: Tool) -> JSONValue {
        var function: JSONObject = ["name": .string(tool.name)]
        function["description"] = tool.description.map { .string($0) }
        function["parameters"] = tool.parameters
        return ["type": "function", "function": .object(function)]
    }

    private static func choice(_ choice: ToolChoice) -> JSONValue {
        switch choice {
        case .auto: "auto"
        case .none: "none"
        case .required: "required"
        case .named(let name): ["type": "function", "function": ["name": .string(name)]]
        }
    }

    static func response(_ bytes: [UInt8], requestedModel: String, key: Secret?) throws -> ModelResponse {
        let json: JSONValue
        do { json = try JSONValue(parsing: bytes) } catch {
            throw ProviderFailure(.malformed, "the answer is not JSON: \(error)")
        }
        // Some routers send errors with status 200.
        if let error = json["error"], !error.isNull {
            let code = error["code"]?.int ?? 500
            throw ProviderFailure(
                ProviderErrors.kind(code, code: error["code"]?.string, type: error["type"]?.string),
                ProviderErrors.cleaned(error["message"]?.string ?? error.string ?? "an error", key: key), status: code)
        }
        guard let choice = json["choices"]?[0], let message = choice["message"] else {
            throw ProviderFailure(.malformed, "the answer has no choices")
        }
        return ModelResponse(
            text: text(message["content"]) ?? message["refusal"]?.string ?? "",
            toolCalls: (message["tool_calls"]?.array ?? []).enumerated().map(call),
            reasoning: message["reasoning_content"]?.string ?? message["reasoning"]?.string,
            usage: json["usage"].flatMap(usage), model: json["model"]?.string ?? requestedModel,
            finishReason: finish(choice["finish_reason"]?.string), responseID: json["id"]?.string)
    }

    /// Content is text, null, or a list of parts.
    static func text(_ content: JSONValue?) -> String? {
        content?.string ?? content?.array.map { $0.compactMap { $0["text"]?.string }.joined() }
    }

    private static func call(_ index: Int, _ json: JSONValue) -> ToolCall {
        let arguments = json["function"]?["arguments"]
        return ToolCall(
            id: json["id"]?.string ?? "call_\(index)", name: json["function"]?["name"]?.string ?? "",
            arguments: arguments?.string ?? arguments?.text() ?? "")
    }

    static func finish(_ word: String?) -> FinishReason {
        switch word {
        case "stop", "eos", "end_turn", nil: .stop
        case "length": .length
        case "tool_calls", "function_call": .toolCalls
        case "content_filter": .contentFilter
        default: .other
        }
    }

    /// Prompt tokens include cached ones, completion tokens include reasoning.
    static func usage(_ json: JSONValue) -> TokenUsage? {
        guard let input = json["prompt_tokens"]?.int, let output = json["completion_tokens"]?.int else { return nil }
        return TokenUsage(
            input: input,
            cacheRead: json["prompt_tokens_details"]?["cached_tokens"]?.int ?? json["prompt_cache_hit_tokens"]?.int ?? 0,
            cacheWrite: json["prompt_tokens_details"]?["cache_write_tokens"]?.int ?? 0, output: output,
            reasoning: json["completion_tokens_details"]?["reasoning_tokens"]?.int ?? 0)
    }

    static func embeddings(_ bytes: [UInt8], requestedModel: String) throws -> EmbeddingResponse {
        guard let json = try? JSONValue(parsing: bytes), let data = json["data"]?.array, !data.isEmpty else {
            throw ProviderFailure(.malformed, "the answer holds no embeddings")
        }
        let ordered = data.sorted { ($0["index"]?.int ?? 0) < ($1["index"]?.int ?? 0) }
        let vectors = ordered.map { vector($0["embedding"]) }
        guard vectors.allSatisfy({ !$0.isEmpty }) else {
            throw ProviderFailure(.malformed, "an embedding is neither a list of numbers nor base64")
        }
        let input = json["usage"]?["prompt_tokens"]?.int
        return EmbeddingResponse(
            vectors: vectors, usage: input.map { TokenUsage(input: $0, output: 0) },
            model: json["model"]?.string ?? requestedModel)
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

extension [Message] {
    /// For servers without schemas: the schema goes into the prompt.
    func asking(for schema: ResponseSchema) -> [Message] {
        var messages = self
        let words = "Answer with one JSON object that follows this JSON Schema, and nothing else:\n\(schema.schema.text())"
        if let index = messages.firstIndex(where: { $0.role == .system }) {
            messages[index].content.append(.text("\n\n\(words)"))
        } else {
            messages.insert(.system(words), at: 0)
        }
        return messages
    }
}
