import EdisonCore

/// Google's models, by Gemini's own API with a key, or by Vertex AI in a project of Google Cloud.
///
/// Settings of an endpoint: `api_version` (`v1`, of Vertex `v1beta1`), `supports_json_schema` (false: the schema goes
/// into the prompt); of Vertex also `project`, `location` and `auth` (`bearer`, or `x-goog-api-key`). Vertex's key is
/// the JSON of a service account, a token, or an API key.
package struct GeminiProvider: ModelProvider {
    package let kind: ProviderKind
    private let exchange: ProviderExchange
    private let tokens: GoogleTokens

    package init(kind: ProviderKind, transport: HTTPTransport, observer: ProviderObserver = .none) {
        self.kind = kind
        exchange = ProviderExchange(transport: transport, observer: observer)
        tokens = GoogleTokens(transport: transport)
    }

    package func respond(
        to request: ModelRequest, at endpoint: Endpoint, attempt: Attempt
    ) async throws -> ModelResponse {
        let body = try GeminiRequestFormat(settings: endpoint.settings).body(request)
        let answer = try await admitted(endpoint) { access in
            try await exchange.identified(
                call("generateContent", request.model, endpoint, access, body), endpoint, attempt)
        }
        var response = try GeminiFormat.response(answer.json, requestedModel: request.model)
        response.responseID = response.responseID ?? answer.requestID
        return response
    }

    package func stream(
        _ request: ModelRequest, at endpoint: Endpoint, attempt: Attempt
    ) -> AsyncThrowingStream<StreamPiece, any Error> {
        .running { emit in
            let body = try GeminiRequestFormat(settings: endpoint.settings).body(request)
            // A refused token is told before the first piece, so nothing is emitted twice.
            try await admitted(endpoint) { access in
                let decoder = GeminiStreamDecoder(requestedModel: request.model)
                let pieces = exchange.stream(endpoint, attempt, decoder: decoder) {
                    try call("streamGenerateContent?alt=sse", request.model, endpoint, access, body)
                }
                for try await piece in pieces { emit(piece) }
                try Task.checkCancellation()
            }
        }
    }

    package func embed(
        _ texts: [String], model: String, at endpoint: Endpoint, attempt: Attempt
    ) async throws -> EmbeddingResponse {
        let isVertex = kind == .googleVertex
        let name = GoogleModelPath.name(model)
        let body: JSONValue =
            isVertex
            ? ["instances": .array(texts.map { ["content": .string($0)] })]
            : [
                "requests": .array(
                    texts.map { text in
                        ["model": .string(name), "content": ["parts": [["text": .string(text)]], "role": "user"]]
                    })
            ]
        let json = try await admitted(endpoint) { access in
            try await exchange.json(
                call(isVertex ? "predict" : "batchEmbedContents", model, endpoint, access, body), endpoint, attempt)
        }
        return try GeminiFormat.embeddings(json, count: texts.count, model: model)
    }

    package func models(at endpoint: Endpoint) async throws -> [ModelListing] {
        try await admitted(endpoint) { access in
            if kind == .googleVertex {
                throw ProviderFailure(
                    .badRequest, "Vertex AI has no list of the models of a project: try one by its name",
                    code: ProviderFailure.noListing)
            }
            var found: [ModelListing] = []
            var page: String?
            repeat {
                let version = GoogleModelPath.version(endpoint)
                let next = page.map { "&pageToken=\(PathSegment.encoded($0))" } ?? ""
                var outgoing = outgoing("\(version)/models?pageSize=1000\(next)", access, nil)
                outgoing.method = "GET"
                let json = try await exchange.json(outgoing, endpoint, nil)
                found += (json["models"]?.array ?? []).compactMap(Self.listing)
                page = OpenAIFormat.nonEmpty(json["nextPageToken"])
            } while page != nil && found.count < 10_000
            return found
        }
    }

    private static func listing(_ item: JSONValue) -> ModelListing? {
        let verbs = item["supportedGenerationMethods"]?.array?.compactMap(\.string)
        let isCallable = verbs?.contains { ["generateContent", "embedContent", "batchEmbedContents"].contains($0) }
        guard isCallable ?? true, let name = item["name"]?.string else { return nil }
        return ModelListing(
            name: name.hasPrefix("models/") ? String(name.dropFirst(7)) : name,
            contextTokens: item["inputTokenLimit"]?.int)
    }

    // MARK: Access

    /// What lets a request in; of a service account it is a token that may expire.
    private struct Access: Sendable {
        let header: (String, String)?
        var token: String?
        var project: String?
    }

    /// Runs `work` with access, and once more with a new token where the service refuses the one that was kept.
    private func admitted<Value: Sendable>(
        _ endpoint: Endpoint, _ work: (Access) async throws -> Value
    ) async throws -> Value {
        let first = try await access(endpoint)
        do { return try await work(first) } catch let failure as ProviderFailure {
            guard failure.status == 401, let token = first.token else { throw failure }
            await tokens.forget(token)
        }
        return try await work(try await access(endpoint))
    }

    private func access(_ endpoint: Endpoint) async throws -> Access {
        guard let key = endpoint.apiKey?.revealed else { return Access(header: nil) }
        if kind == .gemini || endpoint.settings["auth"] == "x-goog-api-key" {
            return Access(header: ("x-goog-api-key", key))
        }
        guard let account = try GoogleServiceAccount(key) else {
            return Access(header: ("authorization", "Bearer \(key)"))
        }
        let token = try await tokens.token(for: account)
        return Access(header: ("authorization", "Bearer \(token)"), token: token, project: account.project)
    }

    private func call(
        _ verb: String, _ model: String, _ endpoint: Endpoint, _ access: Access, _ body: JSONValue
    ) throws -> ProviderExchange.Outgoing {
        let path = try GoogleModelPath.path(of: model, endpoint, project: access.project)
        return outgoing("\(path):\(verb)", access, body)
    }

    private func outgoing(_ path: String, _ access: Access, _ body: JSONValue?) -> ProviderExchange.Outgoing {
        ProviderExchange.Outgoing(
            path: path, headers: [access.header].compactMap(\.self), body: body, hasVersionInQuery: false,
            secrets: [access.token].compactMap(\.self))
    }
}
