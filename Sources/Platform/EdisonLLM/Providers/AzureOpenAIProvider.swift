import EdisonCore

/// OpenAI's models as Azure hosts them: asked by the name of a deployment, which stands in the address or in the body.
///
/// Settings of an endpoint: `api_version` (given: the addresses of that version, with the deployment in the path;
/// left out: `/openai/v1`, which has none), `deployment` (else the model's name is that of the deployment), `auth`
/// (`api-key`, or `bearer` for a token of Entra ID), and the switches of OpenAI's format.
package struct AzureOpenAIProvider: ModelProvider {
    package let kind = ProviderKind.azureOpenAI
    private let exchange: ProviderExchange

    package init(transport: HTTPTransport, observer: ProviderObserver = .none) {
        exchange = ProviderExchange(transport: transport, observer: observer, explain: Self.hint)
    }

    package func respond(
        to request: ModelRequest, at endpoint: Endpoint, attempt: Attempt
    ) async throws -> ModelResponse {
        let json = try await exchange.json(chat(request, endpoint, stream: false), endpoint, attempt)
        return try OpenAIFormat.response(json, requestedModel: request.model)
    }

    package func stream(
        _ request: ModelRequest, at endpoint: Endpoint, attempt: Attempt
    ) -> AsyncThrowingStream<StreamPiece, any Error> {
        exchange.stream(endpoint, attempt, decoder: OpenAIStreamDecoder(requestedModel: request.model)) {
            chat(request, endpoint, stream: true)
        }
    }

    package func embed(
        _ texts: [String], model: String, at endpoint: Endpoint, attempt: Attempt
    ) async throws -> EmbeddingResponse {
        let deployment = Self.deployment(model, endpoint)
        let body = OpenAIRequestFormat(endpoint).embeddingBody(texts, model: deployment)
        let json = try await exchange.json(
            call(Self.path("/embeddings", deployment, endpoint), endpoint, body), endpoint, attempt)
        return try OpenAIFormat.embeddings(json, count: texts.count, requestedModel: model)
    }

    /// Azure lists to a key the models that its resource could deploy, not its deployments, and only these can be
    /// called. So the list is asked for as a proof of address and key, and of it nothing but the deployment is told.
    package func models(at endpoint: Endpoint) async throws -> [ModelListing] {
        var outgoing = call(
            Self.isClassic(endpoint) ? "/openai/models" : Self.root(endpoint) + "/models", endpoint, nil)
        outgoing.method = "GET"
        _ = try await exchange.json(outgoing, endpoint, nil)
        return [endpoint.settings["deployment"]?.string].compactMap(\.self).map { ModelListing(name: $0) }
    }

    private func chat(_ request: ModelRequest, _ endpoint: Endpoint, stream: Bool) -> ProviderExchange.Outgoing {
        var request = request
        request.model = Self.deployment(request.model, endpoint)
        let body = OpenAIRequestFormat(endpoint).body(request, stream: stream)
        return call(Self.path("/chat/completions", request.model, endpoint), endpoint, body)
    }

    private func call(_ path: String, _ endpoint: Endpoint, _ body: JSONValue?) -> ProviderExchange.Outgoing {
        let isBearer = endpoint.settings["auth"] == "bearer"
        let key = endpoint.apiKey.map {
            isBearer ? ("authorization", "Bearer \($0.revealed)") : ("api-key", $0.revealed)
        }
        return ProviderExchange.Outgoing(path: path, headers: [key].compactMap(\.self), body: body)
    }

    private static func deployment(_ model: String, _ endpoint: Endpoint) -> String {
        endpoint.settings["deployment"]?.string ?? model
    }

    private static func isClassic(_ endpoint: Endpoint) -> Bool {
        let version = endpoint.settings["api_version"] ?? endpoint.settings["query"]?["api-version"]
        return version != nil && root(endpoint) == "/openai/v1"
    }

    /// An address that was copied with its path has it already.
    private static func root(_ endpoint: Endpoint) -> String {
        endpoint.baseURL.hasSuffix("/openai/v1") ? "" : "/openai/v1"
    }

    private static func path(_ path: String, _ deployment: String, _ endpoint: Endpoint) -> String {
        isClassic(endpoint) ? "/openai/deployments/\(PathSegment.encoded(deployment))\(path)" : root(endpoint) + path
    }

    @Sendable private static func hint(_ failure: ProviderFailure, _ endpoint: Endpoint) -> ProviderFailure {
        guard failure.status == 404 else { return failure }
        var failure = failure
        failure.message += " (the model is the name of a deployment, or config names one as deployment)"
        return failure
    }
}
