import EdisonCore

/// Ollama's native chat, which knows context size and thinking, unlike its compatible endpoint.
package struct OllamaProvider: ModelProvider {
    package let kind = ProviderKind.ollama
    let transport: HTTPTransport

    package init(transport: HTTPTransport) { self.transport = transport }

    package func respond(
        to request: ModelRequest, at endpoint: Endpoint, attempt: Attempt
    ) async throws -> ModelResponse {
        let response = try await transport.send(
            call("/api/chat", endpoint, attempt, OllamaFormat.body(request, stream: false)), timeout: attempt.timeout)
        guard (200..<300).contains(response.status) else { throw explained(response, request, endpoint) }
        guard let json = try? JSONValue(parsing: response.body) else {
            throw ProviderFailure(.malformed, "the answer is not JSON")
        }
        var decoder = OllamaStreamDecoder(request: request)
        _ = try decoder.feed(json)
        return try decoder.finish()
    }

    package func stream(
        _ request: ModelRequest, at endpoint: Endpoint, attempt: Attempt
    ) -> AsyncThrowingStream<StreamPiece, any Error> {
        StreamDriver.run { emit in
            let decoder = StreamBox(OllamaStreamDecoder(request: request))
            let lines = StreamBox(LineSplitter())
            let read: @Sendable ([UInt8]) throws -> Void = { line in
                if line.allSatisfy({ $0 == 0x20 || $0 == 0x0D }) { return }
                guard let json = try? JSONValue(parsing: line) else {
                    throw ProviderFailure(.malformed, "a line of the stream is not JSON")
                }
                for piece in try decoder.withValue({ try $0.feed(json) }) { emit(piece) }
            }
            try await transport.stream(
                call("/api/chat", endpoint, attempt, OllamaFormat.body(request, stream: true)),
                timeout: attempt.timeout, onError: { explained($0, request, endpoint) },
                onChunk: { bytes in for line in lines.withValue({ $0.feed(bytes) }) { try read(line) } })
            if let rest = lines.withValue({ $0.finish() }) { try read(rest) }
            emit(.end(try decoder.withValue { try $0.finish() }))
        }
    }

    package func embed(
        _ texts: [String], model: String, at endpoint: Endpoint, attempt: Attempt
    ) async throws -> EmbeddingResponse {
        let body: JSONValue = ["model": .string(model), "input": .array(texts.map { .string($0) })]
        let response = try await transport.send(call("/api/embed", endpoint, attempt, body), timeout: attempt.timeout)
        guard (200..<300).contains(response.status) else { throw ProviderErrors.failure(response, key: endpoint.apiKey) }
        guard let json = try? JSONValue(parsing: response.body), let rows = json["embeddings"]?.array else {
            throw ProviderFailure(.malformed, "the answer holds no embeddings")
        }
        return EmbeddingResponse(
            vectors: rows.map { ($0.array ?? []).compactMap { $0.double.map(Float.init) } },
            usage: json["prompt_eval_count"]?.int.map { TokenUsage(input: $0, output: 0) },
            model: json["model"]?.string ?? model)
    }

    package func models(at endpoint: Endpoint) async throws -> [ModelListing] {
        var request = call("/api/tags", endpoint, nil, nil)
        request.method = "GET"
        let response = try await transport.send(request, timeout: .seconds(20))
        guard (200..<300).contains(response.status) else { throw ProviderErrors.failure(response, key: endpoint.apiKey) }
        let json = (try? JSONValue(parsing: response.body)) ?? .null
        return (json["models"]?.array ?? []).compactMap { item in
            (item["model"] ?? item["name"])?.string.map { ModelListing(name: $0) }
        }
    }

    private func call(
        _ path: String, _ endpoint: Endpoint, _ attempt: Attempt?, _ body: JSONValue?
    ) -> HTTPTransport.Request {
        var headers: [(String, String)] = []
        if let key = endpoint.apiKey { headers.append(("authorization", "Bearer \(key.revealed)")) }
        if let attempt { headers.append(("edison-attempt", attempt.id)) }
        return HTTPTransport.Request(url: endpoint.baseURL + path, headers: headers, body: body)
    }

    private func explained(
        _ response: HTTPTransport.Response, _ request: ModelRequest, _ endpoint: Endpoint
    ) -> ProviderFailure {
        var failure = ProviderErrors.failure(response, key: endpoint.apiKey)
        if failure.status == 404 { failure.message += "; fetch the model with: ollama pull \(request.model)" }
        return failure
    }
}

enum OllamaFormat {
    static func body(_ request: ModelRequest, stream: Bool) -> JSONValue {
        var body: JSONObject = ["model": .string(request.model)]
        body["messages"] = .array(request.messages.map(message))
        if !request.tools.isEmpty {
            body["tools"] = .array(
                request.tools.map { tool in
                    var function: JSONObject = ["name": .string(tool.name)]
                    function["description"] = tool.description.map { .string($0) }
                    function["parameters"] = tool.parameters
                    return ["type": "function", "function": .object(function)]
                })
        }
        switch request.responseFormat {
        case .text: break
        case .json: body["format"] = "json"
        case .schema(let schema): body["format"] = schema.schema
        }
        // The server streams unless told not to.
        body["stream"] = .bool(stream)
        body["think"] = request.parameters.reasoningEffort.map { .string($0) }
        var options = JSONObject()
        let parameters = request.parameters
        options["temperature"] = parameters.temperature.map { .number($0) }
        options["top_p"] = parameters.topP.map { .number($0) }
        options["top_k"] = parameters.topK.map { .integer(Int64($0)) }
        options["num_predict"] = parameters.maxTokens.map { .integer(Int64($0)) }
        options["seed"] = request.seed.map { .integer(Int64($0)) }
        options["frequency_penalty"] = parameters.frequencyPenalty.map { .number($0) }
        options["presence_penalty"] = parameters.presencePenalty.map { .number($0) }
        if !parameters.stop.isEmpty { options["stop"] = .array(parameters.stop.map { .string($0) }) }
        for (key, value) in parameters.extra {
            if ["keep_alive", "think"].contains(key) { body[key] = value } else { options[key] = value }
        }
        if !options.isEmpty { body["options"] = .object(options) }
        return .object(body)
    }

    private static func message(_ message: Message) -> JSONValue {
        var object: JSONObject = ["role": .string(message.role.rawValue), "content": .string(message.text)]
        let images = message.content.compactMap { if case .image(_, let data) = $0 { JSONValue.string(data) } else { nil } }
        if !images.isEmpty { object["images"] = .array(images) }
        if !message.toolCalls.isEmpty {
            object["tool_calls"] = .array(
                message.toolCalls.map { call in
                    let arguments = (try? JSONValue(parsing: call.arguments)) ?? [:]
                    return ["function": ["name": .string(call.name), "arguments": arguments]]
                })
        }
        object["tool_name"] = message.role == .tool ? message.name.map { .string($0) } : nil
        return .object(object)
    }
}

/// Puts the lines of an answer together; an answer that is not streamed is one line.
struct OllamaStreamDecoder: Sendable {
    private let request: ModelRequest
    private var text = ""
    private var thinking = ""
    private var calls: [ToolCall] = []
    private var last: JSONValue?

    init(request: ModelRequest) { self.request = request }

    mutating func feed(_ json: JSONValue) throws -> [StreamPiece] {
        if let error = json["error"]?.string { throw ProviderFailure(.cutStream, error) }
        var pieces: [StreamPiece] = []
        if let part = json["message"]?["thinking"]?.string, !part.isEmpty {
            thinking += part
            pieces.append(.reasoning(part))
        }
        if let part = json["message"]?["content"]?.string, !part.isEmpty {
            text += part
            pieces.append(.text(part))
        }
        for item in json["message"]?["tool_calls"]?.array ?? [] {
            calls.append(
                ToolCall(
                    id: "call_\(calls.count)", name: item["function"]?["name"]?.string ?? "",
                    arguments: (item["function"]?["arguments"] ?? [:]).text()))
        }
        if json["done"] == true { last = json }
        return pieces
    }

    mutating func finish() throws -> ModelResponse {
        guard let last else { throw ProviderFailure(.cutStream, "the stream ended before the answer did") }
        // The count of the prompt is missing when it was cached; output without it would be half a usage.
        let usage = last["eval_count"]?.int.map { TokenUsage(input: last["prompt_eval_count"]?.int ?? 0, output: $0) }
        let reason: FinishReason = calls.isEmpty ? (last["done_reason"] == "length" ? .length : .stop) : .toolCalls
        return ModelResponse(
            text: text, toolCalls: calls, reasoning: thinking.isEmpty ? nil : thinking, usage: usage,
            model: last["model"]?.string ?? request.model, finishReason: reason)
    }
}
