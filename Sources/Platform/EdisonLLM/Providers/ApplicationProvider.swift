import EdisonCore

/// One's own application, asked over HTTP: it gets the case and the rendered prompt at its address, and answers with
/// text or JSON.
package struct ApplicationProvider: ModelProvider {
    package let kind = ProviderKind.http
    private let exchange: ProviderExchange

    package init(transport: HTTPTransport, observer: ProviderObserver = .none) {
        exchange = ProviderExchange(transport: transport, observer: observer)
    }

    package func respond(
        to request: ModelRequest, at endpoint: Endpoint, attempt: Attempt
    ) async throws -> ModelResponse {
        let key = endpoint.apiKey.map { [("authorization", "Bearer \($0.revealed)")] } ?? []
        let outgoing = ProviderExchange.Outgoing(path: "", headers: key, body: ApplicationFormat.body(request))
        return try ApplicationFormat.response(
            try await exchange.send(outgoing, endpoint, attempt), request: request)
    }

    package func stream(
        _ request: ModelRequest, at endpoint: Endpoint, attempt: Attempt
    ) -> AsyncThrowingStream<StreamPiece, any Error> {
        .whole { try await respond(to: request, at: endpoint, attempt: attempt) }
    }

    package func embed(
        _ texts: [String], model: String, at endpoint: Endpoint, attempt: Attempt
    ) async throws -> EmbeddingResponse {
        throw ProviderFailure(.badRequest, "an application has no embeddings")
    }

    package func models(at endpoint: Endpoint) async throws -> [ModelListing] { [] }
}

extension AsyncThrowingStream where Element == StreamPiece, Failure == any Error {
    /// A stream of a provider that can't stream: the whole answer is its one piece.
    static func whole(_ respond: @escaping @Sendable () async throws -> ModelResponse) -> Self {
        .running { emit in
            let response = try await respond()
            if !response.text.isEmpty { emit(.text(response.text)) }
            emit(.end(response))
        }
    }
}
