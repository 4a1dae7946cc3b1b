import EdisonCore

/// Anthropic's Messages API.
package struct AnthropicProvider: ModelProvider {
    package let kind = ProviderKind.anthropic
    let transport: HTTPTransport

    package init(transport: HTTPTransport) { self.transport = transport }

    package func respond(
        to request: ModelRequest, at endpoint: Endpoint, attempt: Attempt
    ) async throws -> ModelResponse {
        let response = try await transport.send(
            call("/v1/messages", request, endpoint, attempt, AnthropicFormat.body(request, stream: false)),
            timeout: attempt.timeout)
        guard (200..<300).contains(response.status) else { throw ProviderErrors.failure(response, key: endpoint.apiKey) }
        guard let json = try? JSONValue(parsing: response.body) else {
            throw ProviderFailure(.malformed, "the answer is not JSON")
        }
        return try AnthropicFormat.response(json, request: request)
    }

    package func stream(
        _ request: ModelRequest, at endpoint: Endpoint, attempt: Attempt
    ) -> AsyncThrowingStream<StreamPiece, any Error> {
        StreamDriver.run { emit in
            let decoder = StreamBox(AnthropicStreamDecoder(request: request))
            let parser = StreamBox(SSEParser())
            try await transport.stream(
                call("/v1/messages", request, endpoint, attempt, AnthropicFormat.body(request, stream: true)),
                timeout: attempt.timeout, onError: { ProviderErrors.failure($0, key: endpoint.apiKey) },
                onChunk: { bytes in
                    for event in parser.withValue({ $0.feed(bytes) }) {
                        for piece in try decoder.withValue({ try $0.feed(event) }) { emit(piece) }
                    }
                })
            for event in parser.withValue({ $0.finish() }) {
                for piece in try decoder.withValue({ try $0.feed(event) }) { emit(piece) }
            }
            emit(.end(try decoder.withValue { try $0.finish() }))
        }
    }

    package func embed(
        _ texts: [String], model: String, at endpoint: Endpoint, attempt: Attempt
    ) async throws -> EmbeddingResponse {
        throw ProviderFailure(.badRequest, "Anthropic has no embeddings; use another provider for them")
    }

    package func models(at endpoint: Endpoint) async throws -> [ModelListing] {
        var request = call("/v1/models?limit=1000", nil, endpoint, nil, nil)
        request.method = "GET"
        let response = try await transport.send(request, timeout: .seconds(20))
        guard (200..<300).contains(response.status) else { throw ProviderErrors.failure(response, key: endpoint.apiKey) }
        let json = (try? JSONValue(parsing: response.body)) ?? .null
        return (json["data"]?.array ?? []).compactMap { item in
            item["id"]?.string.map { ModelListing(name: $0, contextTokens: item["max_input_tokens"]?.int) }
        }
    }

    private func call(
        _ path: String, _ request: ModelRequest?, _ endpoint: Endpoint, _ attempt: Attempt?, _ body: JSONValue?
    ) -> HTTPTransport.Request {
        var base = endpoint.baseURL
        if base.hasSuffix("/v1") { base.removeLast(3) }
        var headers = [("anthropic-version", version(request, endpoint)), ("accept", "application/json")]
        // Both forms of the key are in use; the older one is understood everywhere.
        if let key = endpoint.apiKey { headers.append(("x-api-key", key.revealed)) }
        if let attempt { headers.append(("edison-attempt", attempt.id)) }
        for (name, value) in endpoint.settings["headers"]?.object ?? [:] {
            if let text = value.string { headers.append((name, text)) }
        }
        return HTTPTransport.Request(url: base + path, headers: headers, body: body)
    }

    /// The version of October 2026 refuses sampling parameters, even at their defaults; the older one takes them.
    private func version(_ request: ModelRequest?, _ endpoint: Endpoint) -> String {
        if let given = endpoint.settings["anthropic_version"]?.string { return given }
        let parameters = request?.parameters
        let isSampling = parameters?.temperature != nil || parameters?.topP != nil || parameters?.topK != nil
        return isSampling ? "2023-06-01" : "2026-10-21"
    }
}
