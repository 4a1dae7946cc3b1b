import EdisonCore
import EdisonLLM
import EdisonTestKit
import Testing

/// The recorded answers, read by the adapters over the wire.
@Suite(.timeLimit(.minutes(5))) struct WireResponseTests {
    private func respond(to id: String, isStream: Bool = false) async throws -> ModelResponse {
        let capture = try WireCapture(id)
        let adapter = try Self.adapter(of: id)
        let request = AdapterConformanceTests.request(adapter)
        let attempt = AdapterConformanceTests.attempt
        return try await withAdapter(adapter, capture.reply) { provider, endpoint, _ in
            guard isStream else { return try await provider.respond(to: request, at: endpoint, attempt: attempt) }
            let pieces = try await collected(provider.stream(request, at: endpoint, attempt: attempt))
            let answer = try #require(pieces.answer)
            #expect(pieces.text == answer.text)
            #expect(pieces.reasoning == answer.reasoning ?? "")
            return answer
        }
    }

    private static func adapter(of id: String) throws -> AdapterUnderTest {
        let folder = id.prefix { $0 != "/" && $0 != "-" }
        let name = folder == "bedrock" ? ProviderKind.awsBedrock.name : String(folder)
        return try #require(AdapterUnderTest.all.first { $0.kind.name == name })
    }

    static let errors: [(id: String, kind: ProviderFailure.Kind, code: String?, wait: Duration?)] = [
        ("openai/error-400", .badRequest, "unsupported_value", nil),
        ("openai/error-401", .refusedKey, "invalid_api_key", nil),
        ("openai/error-404", .unknownModel, "model_not_found", nil),
        ("openai/error-429", .rateLimited, "rate_limit_exceeded", .milliseconds(20)),
        ("openai/error-quota", .quotaExceeded, "insufficient_quota", nil),
        ("openai/error-500", .serverError, "server_error", nil),
        ("groq/error-401", .refusedKey, "invalid_api_key", nil),
        ("groq/error-429", .rateLimited, "rate_limit_exceeded", .milliseconds(20)),
        ("anthropic/error-400", .badRequest, "invalid_request_error", nil),
        ("anthropic/error-401", .refusedKey, "authentication_error", nil),
        ("anthropic/error-429", .rateLimited, "rate_limit_error", .milliseconds(20)),
        ("anthropic/error-500", .serverError, "api_error", nil),
        ("anthropic/error-529", .overloaded, "overloaded_error", nil),
        ("ollama/error-404", .unknownModel, nil, nil),
        ("gemini/error-400", .badRequest, "INVALID_ARGUMENT", nil),
        ("gemini/error-401", .refusedKey, "UNAUTHENTICATED", nil),
        ("gemini/error-403", .notAllowed, "PERMISSION_DENIED", nil),
        ("gemini/error-404", .unknownModel, "NOT_FOUND", nil),
        ("gemini/error-429", .rateLimited, "RESOURCE_EXHAUSTED", .milliseconds(20)),
        ("gemini/error-500", .serverError, "INTERNAL", nil),
        ("gemini/error-503", .overloaded, "UNAVAILABLE", nil),
        ("bedrock/error-400", .badRequest, "ValidationException", nil),
        ("bedrock/error-403", .notAllowed, "AccessDeniedException", nil),
        ("bedrock/error-424", .serverError, "ModelErrorException", nil),
        ("bedrock/error-429", .rateLimited, "ThrottlingException", nil),
        ("bedrock/error-503", .overloaded, "ServiceUnavailableException", nil),
    ]

    @Test("a recorded refusal has its kind, its code and its wait", arguments: errors.indices)
    func refusal(index: Int) async throws {
        let (id, kind, code, wait) = Self.errors[index]
        let failure = await #expect(throws: ProviderFailure.self) { _ = try await respond(to: id) }
        #expect(failure?.kind == kind)
        #expect(failure?.code == code)
        #expect(failure?.status == (try WireCapture(id).status))
        #expect(failure?.retryAfter == wait)
    }

    @Test("every recorded chat is read", arguments: try WireCapture.all().filter(isChat))
    func chat(capture: WireCapture) async throws {
        let isStream = capture.responseBody.starts(with: Array("data:".utf8)) || capture.id.contains("-stream")
        let answer = try await respond(to: capture.id, isStream: isStream)
        #expect(!answer.text.isEmpty || !answer.toolCalls.isEmpty)
        #expect(answer.finishReason == (answer.toolCalls.isEmpty ? .stop : .toolCalls))
        #expect(!answer.model.isEmpty)
        // Without `stream_options` no stream of OpenAI's form counts anything.
        let isCounted = !isStream || !capture.id.hasPrefix("openai") || capture.requestBody["stream_options"] != nil
        #expect((answer.usage != nil) == isCounted)
    }

    private static func isChat(_ capture: WireCapture) -> Bool {
        let paths = ["/chat/completions", "/v1/messages", "/api/chat", ":generateContent", ":streamGenerateContent"]
        let isChatPath = (paths + ["/converse", "/converse-stream"]).contains { path in
            capture.target.split(separator: "?")[0].hasSuffix(path)
        }
        return isChatPath && capture.status == 200 && !capture.id.contains("midstream")
    }

    @Test("thinking is kept apart from the text")
    func thinking() async throws {
        let answer = try await respond(to: "anthropic/messages-thinking-stream", isStream: true)
        #expect(answer.reasoning == "Let me think.")
        #expect(answer.text == "Hello from the stub Claude.")
    }

    @Test("an error in the middle of a stream is a cut stream that knows what was used")
    func midstreamError() async throws {
        let failure = await #expect(throws: ProviderFailure.self) {
            _ = try await respond(to: "anthropic/midstream-error", isStream: true)
        }
        #expect(failure?.kind == .cutStream)
        #expect(failure?.message == "Overloaded")
        #expect(failure?.code == "overloaded_error")
        #expect(failure?.usage == TokenUsage(input: 32, cacheRead: 20, output: 1))
    }

    @Test("embeddings are read from base64 and from numbers")
    func embeddings() async throws {
        let samples: [(String, [String], String, [[Float]], Int?)] = [
            (
                "openai/embeddings-default", ["alpha", "beta"], "base64",
                [[0.1, 0.11, 0.12, 0.13], [0.2, 0.21, 0.22, 0.23]], 8
            ),
            ("openai/embeddings-float", ["alpha"], "float", [[0.1, 0.11, 0.12]], 8),
            ("ollama/embed", ["alpha"], "", [[0.1, 0.2, 0.3]], 3),
        ]
        for (id, texts, format, vectors, tokens) in samples {
            let adapter = try Self.adapter(of: id)
            try await withAdapter(adapter, WireCapture(id).reply) { provider, endpoint, server in
                var endpoint = endpoint
                endpoint.settings["supports_base64_embeddings"] = .bool(format == "base64")
                let response = try await provider.embed(
                    texts, model: "m", at: endpoint, attempt: AdapterConformanceTests.attempt)
                #expect(response.vectors.count == vectors.count)
                for (got, want) in zip(response.vectors, vectors) {
                    #expect(zip(got, want).allSatisfy { abs($0 - $1) < 1e-6 } && got.count == want.count)
                }
                #expect(response.usage?.input == tokens)
                #expect(try server.onlyBody["input"] == .array(texts.map { .string($0) }))
                #expect(try server.onlyBody["encoding_format"]?.string ?? "" == format)
            }
        }
    }

    @Test("a provider that returns too few embeddings is not believed")
    func missingEmbeddings() async throws {
        let adapter = try Self.adapter(of: "openai/embeddings-float")
        try await withAdapter(adapter, WireCapture("openai/embeddings-float").reply) { provider, endpoint, _ in
            let failure = await #expect(throws: ProviderFailure.self) {
                _ = try await provider.embed(
                    ["alpha", "beta"], model: "m", at: endpoint, attempt: AdapterConformanceTests.attempt)
            }
            #expect(failure?.kind == .malformed)
        }
    }

    @Test("models are listed", arguments: ["openai/models-list", "anthropic/models-list", "ollama/tags"])
    func models(id: String) async throws {
        let adapter = try Self.adapter(of: id)
        let capture = try WireCapture(id)
        try await withAdapter(adapter, capture.reply) { provider, endpoint, server in
            let models = try await provider.models(at: endpoint)
            let expected = [
                "openai": ModelListing(name: "gpt-stub"), "ollama": ModelListing(name: "llama-stub:latest"),
                "anthropic": ModelListing(name: "claude-opus-5-5", contextTokens: 200_000),
            ]
            #expect(models == [expected[adapter.kind.name]])
            #expect(server.requests[0].method == "GET")
            #expect(server.requests[0].target.hasPrefix(capture.target))
        }
    }
}
