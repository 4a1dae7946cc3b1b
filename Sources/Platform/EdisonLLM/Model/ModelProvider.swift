import EdisonCore

/// One provider's way of being called: an implementation knows its wire format and nothing of retries, budgets or
/// caches, which compose around it.
///
/// Every method throws `ProviderFailure`, or `CancellationError` when the calling task was cancelled.
package protocol ModelProvider: Sendable {
    var kind: ProviderKind { get }

    /// One whole answer.
    func respond(to request: ModelRequest, at endpoint: Endpoint, attempt: Attempt) async throws -> ModelResponse

    /// The answer in pieces as they arrive; the last piece is `.end` with the whole of it.
    func stream(
        _ request: ModelRequest, at endpoint: Endpoint, attempt: Attempt
    ) -> AsyncThrowingStream<StreamPiece, any Error>

    func embed(
        _ texts: [String], model: String, at endpoint: Endpoint, attempt: Attempt
    ) async throws -> EmbeddingResponse

    /// The models that the provider lists; a key may lack the right to list and still be able to call.
    func models(at endpoint: Endpoint) async throws -> [ModelListing]
}

/// One try of one call over the network.
package struct Attempt: Hashable, Sendable {
    /// Goes out as the header `Edison-Attempt`, so that a provider's log can be matched with ours.
    package var id: String
    /// The limit for the whole answer, streams included.
    package var timeout: Duration

    package init(id: String, timeout: Duration = .seconds(300)) {
        self.id = id
        self.timeout = timeout
    }
}

/// A model as its provider lists it.
package struct ModelListing: Hashable, Sendable {
    package var name: String
    package var contextTokens: Int?

    package init(name: String, contextTokens: Int? = nil) {
        self.name = name
        self.contextTokens = contextTokens
    }
}
