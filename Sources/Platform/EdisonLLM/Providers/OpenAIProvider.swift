import EdisonCore

/// OpenAI's chat completions, and every server that speaks them; read liberally, since compatible servers leave out
/// and add fields.
package struct OpenAIProvider: ModelProvider {
    package let kind: ProviderKind
    private let exchange: ProviderExchange

    package init(kind: ProviderKind, transport: HTTPTransport, observer: ProviderObserver = .none) {
        self.kind = kind
        exchange = ProviderExchange(transport: transport, observer: observer, explain: Self.hint)
    }

    package func respond(
        to request: ModelRequest, at endpoint: Endpoint, attempt: Attempt
    ) async throws -> ModelResponse {
        let body = OpenAIRequestFormat(endpoint).body(request, stream: false)
        let json = try await exchange.json(call("/chat/completions", endpoint, body), endpoint, attempt)
        return try OpenAIFormat.response(json, requestedModel: request.model)
    }

    package func stream(
        _ request: ModelRequest, at endpoint: Endpoint, attempt: Attempt
    ) -> AsyncThrowingStream<StreamPiece, any Error> {
        exchange.stream(endpoint, attempt, decoder: OpenAIStreamDecoder(requestedModel: request.model)) {
            call("/chat/completions", endpoint, OpenAIRequestFormat(endpoint).body(request, stream: true))
        }
    }

    package func embed(
        _ texts: [String], model: String, at endpoint: Endpoint, attempt: Attempt
    ) async throws -> EmbeddingResponse {
        let body = OpenAIRequestFormat(endpoint).embeddingBody(texts, model: model)
        let json = try await exchange.json(call("/embeddings", endpoint, body), endpoint, attempt)
        return try OpenAIFormat.embeddings(json, count: texts.count, requestedModel: model)
    }

    package func models(at endpoint: Endpoint) async throws -> [ModelListing] {
        var outgoing = call("/models", endpoint, nil)
        outgoing.method = "GET"
        let json = try await exchange.json(outgoing, endpoint, nil)
        // vLLM, OpenRouter and Groq each have a name of their own for the context; Groq lists retired models too.
        return (json["data"]?.array ?? []).filter { $0["active"] != false }.compactMap { item in
            let context = ["max_model_len", "context_length", "context_window"].compactMap { item[$0]?.int }.first
            return item["id"]?.string.map { ModelListing(name: $0, contextTokens: context) }
        }
    }

    private func call(_ path: String, _ endpoint: Endpoint, _ body: JSONValue?) -> ProviderExchange.Outgoing {
        let key = endpoint.apiKey.map { [("authorization", "Bearer \($0.revealed)")] } ?? []
        return ProviderExchange.Outgoing(path: path, headers: key, body: body)
    }

    /// A base URL may or may not end in `/v1`; it is used as given, and a 404 says what else to try.
    @Sendable private static func hint(_ failure: ProviderFailure, _ endpoint: Endpoint) -> ProviderFailure {
        guard failure.status == 404, failure.code == nil || failure.code == "404" else { return failure }
        var base = endpoint.baseURL
        if base.hasSuffix("/v1") { base.removeLast(3) } else { base += "/v1" }
        var failure = failure
        failure.message += " (if the server is right, try base_url: \(base))"
        return failure
    }
}
