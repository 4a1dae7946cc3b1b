import EdisonCore

/// Ollama's native chat, which knows context size and thinking, unlike its compatible endpoint.
package struct OllamaProvider: ModelProvider {
    package let kind = ProviderKind.ollama
    private let exchange: ProviderExchange

    package init(transport: HTTPTransport, observer: ProviderObserver = .none) {
        exchange = ProviderExchange(transport: transport, observer: observer, explain: Self.hint)
    }

    package func respond(
        to request: ModelRequest, at endpoint: Endpoint, attempt: Attempt
    ) async throws -> ModelResponse {
        let body = try OllamaRequestFormat.body(request, stream: false)
        let json = try await exchange.json(call("/api/chat", endpoint, body), endpoint, attempt)
        return try OllamaFormat.response(json, requestedModel: request.model)
    }

    package func stream(
        _ request: ModelRequest, at endpoint: Endpoint, attempt: Attempt
    ) -> AsyncThrowingStream<StreamPiece, any Error> {
        exchange.stream(endpoint, attempt, decoder: OllamaStreamDecoder(requestedModel: request.model)) {
            call("/api/chat", endpoint, try OllamaRequestFormat.body(request, stream: true))
        }
    }

    package func embed(
        _ texts: [String], model: String, at endpoint: Endpoint, attempt: Attempt
    ) async throws -> EmbeddingResponse {
        let body: JSONValue = ["model": .string(model), "input": .array(texts.map { .string($0) })]
        let json = try await exchange.json(call("/api/embed", endpoint, body), endpoint, attempt)
        let rows = (json["embeddings"]?.array ?? []).map { ($0.array ?? []).compactMap { $0.double.map(Float.init) } }
        guard rows.count == texts.count, rows.allSatisfy({ !$0.isEmpty }) else {
            throw ProviderFailure(.malformed, "the answer holds \(rows.count) embeddings for \(texts.count) texts")
        }
        return EmbeddingResponse(
            vectors: rows, usage: json["prompt_eval_count"]?.int.map { TokenUsage(input: $0, output: 0) },
            model: json["model"]?.string ?? model)
    }

    package func models(at endpoint: Endpoint) async throws -> [ModelListing] {
        var outgoing = call("/api/tags", endpoint, nil)
        outgoing.method = "GET"
        let json = try await exchange.json(outgoing, endpoint, nil)
        return (json["models"]?.array ?? []).compactMap { item in
            (item["model"] ?? item["name"])?.string.map { ModelListing(name: $0) }
        }
    }

    private func call(_ path: String, _ endpoint: Endpoint, _ body: JSONValue?) -> ProviderExchange.Outgoing {
        // A key is needed by the hosted service only.
        let key = endpoint.apiKey.map { [("authorization", "Bearer \($0.revealed)")] } ?? []
        return ProviderExchange.Outgoing(path: path, headers: key, body: body)
    }

    @Sendable private static func hint(_ failure: ProviderFailure, _ endpoint: Endpoint) -> ProviderFailure {
        guard failure.status == 404 else { return failure }
        var failure = failure
        failure.message += "; fetch the model with: ollama pull"
        return failure
    }
}
