import EdisonCore

/// Anthropic's Messages API.
///
/// Settings of an endpoint: `anthropic_version` (the header, else by the request), `auth` (`x-api-key` or `bearer`),
/// `supports_json_schema` (false: structured answers come as the call of a tool), `prompt_caching` (true or false).
package struct AnthropicProvider: ModelProvider {
    package let kind = ProviderKind.anthropic
    private let exchange: ProviderExchange

    package init(transport: HTTPTransport, observer: ProviderObserver = .none) {
        exchange = ProviderExchange(transport: transport, observer: observer)
    }

    package func respond(
        to request: ModelRequest, at endpoint: Endpoint, attempt: Attempt
    ) async throws -> ModelResponse {
        let format = AnthropicRequestFormat(request, endpoint)
        let json = try await exchange.json(
            call("/v1/messages", request, endpoint, try format.body(stream: false)), endpoint, attempt)
        return try AnthropicFormat.response(json, requestedModel: request.model, answerTool: format.answerTool)
    }

    package func stream(
        _ request: ModelRequest, at endpoint: Endpoint, attempt: Attempt
    ) -> AsyncThrowingStream<StreamPiece, any Error> {
        let format = AnthropicRequestFormat(request, endpoint)
        let decoder = AnthropicStreamDecoder(requestedModel: request.model, answerTool: format.answerTool)
        return exchange.stream(endpoint, attempt, decoder: decoder) {
            call("/v1/messages", request, endpoint, try format.body(stream: true))
        }
    }

    package func embed(
        _ texts: [String], model: String, at endpoint: Endpoint, attempt: Attempt
    ) async throws -> EmbeddingResponse {
        throw ProviderFailure(.badRequest, "Anthropic has no embeddings; use another provider for them")
    }

    package func models(at endpoint: Endpoint) async throws -> [ModelListing] {
        var outgoing = call("/v1/models?limit=1000", nil, endpoint, nil)
        outgoing.method = "GET"
        let json = try await exchange.json(outgoing, endpoint, nil)
        return (json["data"]?.array ?? []).compactMap { item in
            item["id"]?.string.map { ModelListing(name: $0, contextTokens: item["max_input_tokens"]?.int) }
        }
    }

    private func call(
        _ path: String, _ request: ModelRequest?, _ endpoint: Endpoint, _ body: JSONValue?
    ) -> ProviderExchange.Outgoing {
        // The API's own base has no version; one that a person copied from elsewhere may.
        let path = endpoint.baseURL.hasSuffix("/v1") ? String(path.dropFirst(3)) : path
        var headers = [("anthropic-version", version(request, endpoint))]
        // Both forms of the key are in use; the older one is understood everywhere.
        if let key = endpoint.apiKey?.revealed {
            let isBearer = endpoint.settings["auth"] == "bearer"
            headers.append(isBearer ? ("authorization", "Bearer \(key)") : ("x-api-key", key))
        }
        return ProviderExchange.Outgoing(path: path, headers: headers, body: body)
    }

    /// The version of October 2026 refuses sampling parameters, even at their defaults; the older one takes them.
    private func version(_ request: ModelRequest?, _ endpoint: Endpoint) -> String {
        if let given = endpoint.settings["anthropic_version"]?.string { return given }
        guard let parameters = request?.parameters else { return "2026-10-21" }
        let extra = ["temperature", "top_p", "top_k"].contains { parameters.extra[$0] != nil }
        let isSampling = parameters.temperature != nil || parameters.topP != nil || parameters.topK != nil || extra
        return isSampling ? "2023-06-01" : "2026-10-21"
    }
}
