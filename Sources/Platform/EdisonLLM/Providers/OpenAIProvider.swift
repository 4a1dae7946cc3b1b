import EdisonCore

/// OpenAI's chat completions, and every server that speaks them; read liberally, since compatible servers leave out
/// and add fields.
package struct OpenAIProvider: ModelProvider {
    package let kind: ProviderKind
    let transport: HTTPTransport

    package init(kind: ProviderKind, transport: HTTPTransport) {
        self.kind = kind
        self.transport = transport
    }

    package func respond(
        to request: ModelRequest, at endpoint: Endpoint, attempt: Attempt
    ) async throws -> ModelResponse {
        let response = try await transport.send(
            call("/chat/completions", endpoint, attempt, OpenAIFormat.body(request, endpoint, stream: false)),
            timeout: attempt.timeout)
        guard (200..<300).contains(response.status) else {
            throw hint(ProviderErrors.failure(response, key: endpoint.apiKey), endpoint)
        }
        return try OpenAIFormat.response(response.body, requestedModel: request.model, key: endpoint.apiKey)
    }

    package func stream(
        _ request: ModelRequest, at endpoint: Endpoint, attempt: Attempt
    ) -> AsyncThrowingStream<StreamPiece, any Error> {
        StreamDriver.run { emit in
            let decoder = StreamBox(OpenAIStreamDecoder(requestedModel: request.model))
            var parser = SSEParser()
            let parserBox = StreamBox(parser)
            try await transport.stream(
                call("/chat/completions", endpoint, attempt, OpenAIFormat.body(request, endpoint, stream: true)),
                timeout: attempt.timeout, onError: { ProviderErrors.failure($0, key: endpoint.apiKey) },
                onChunk: { bytes in
                    for event in parserBox.withValue({ $0.feed(bytes) }) {
                        for piece in try decoder.withValue({ try $0.feed(event.data) }) { emit(piece) }
                    }
                })
            parser = parserBox.withValue { $0 }
            for event in parser.finish() {
                for piece in try decoder.withValue({ try $0.feed(event.data) }) { emit(piece) }
            }
            emit(.end(try decoder.withValue { try $0.finish() }))
        }
    }

    package func embed(
        _ texts: [String], model: String, at endpoint: Endpoint, attempt: Attempt
    ) async throws -> EmbeddingResponse {
        let body: JSONValue = [
            "model": .string(model), "input": .array(texts.map { .string($0) }), "encoding_format": "float",
        ]
        let response = try await transport.send(call("/embeddings", endpoint, attempt, body), timeout: attempt.timeout)
        guard (200..<300).contains(response.status) else { throw ProviderErrors.failure(response, key: endpoint.apiKey) }
        return try OpenAIFormat.embeddings(response.body, requestedModel: model)
    }

    package func models(at endpoint: Endpoint) async throws -> [ModelListing] {
        var request = call("/models", endpoint, nil, nil)
        request.method = "GET"
        let response = try await transport.send(request, timeout: .seconds(20))
        guard (200..<300).contains(response.status) else { throw ProviderErrors.failure(response, key: endpoint.apiKey) }
        let json = (try? JSONValue(parsing: response.body)) ?? .null
        return (json["data"]?.array ?? []).compactMap { $0["id"]?.string.map { ModelListing(name: $0) } }
    }

    private func call(
        _ path: String, _ endpoint: Endpoint, _ attempt: Attempt?, _ body: JSONValue?
    ) -> HTTPTransport.Request {
        var headers = [("accept", "application/json")]
        if let key = endpoint.apiKey { headers.append(("authorization", "Bearer \(key.revealed)")) }
        if let attempt { headers.append(("edison-attempt", attempt.id)) }
        for (name, value) in endpoint.settings["headers"]?.object ?? [:] {
            if let text = value.string { headers.append((name, text)) }
        }
        return HTTPTransport.Request(url: endpoint.baseURL + path, headers: headers, body: body)
    }

    /// A base URL may or may not end in `/v1`; it is used as given, and a 404 says what else to try.
    private func hint(_ failure: ProviderFailure, _ endpoint: Endpoint) -> ProviderFailure {
        guard failure.status == 404, !endpoint.baseURL.hasSuffix("/v1"), failure.code == nil else { return failure }
        var failure = failure
        failure.message += " (if the server is right, try base_url: \(endpoint.baseURL)/v1)"
        return failure
    }
}
