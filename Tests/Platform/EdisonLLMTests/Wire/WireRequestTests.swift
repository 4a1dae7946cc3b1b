import EdisonCore
import EdisonLLM
import EdisonTestKit
import Testing

/// What an adapter sends has the fields, in the same shapes, that the real client libraries send for the same request.
@Suite(.timeLimit(.minutes(5))) struct WireRequestTests {
    struct Sample: Sendable, CustomStringConvertible {
        /// The captures that show the request.
        let ids: [String]
        let request: ModelRequest
        var kind = ProviderKind.openAI
        var settings: JSONObject = [:]
        /// Fields of the capture that have no meaning for us, with the reason beside each sample.
        var ignored: Set<String> = []

        var description: String { ids[0] }
    }

    @Test("a request has the captured fields", arguments: openAI + anthropic + ollama)
    func fields(sample: Sample) async throws {
        for id in sample.ids {
            let capture = try WireCapture(id)
            let adapter = try #require(AdapterUnderTest.all.first { $0.kind == sample.kind })
            let isStream = capture.requestBody["stream"] == true
            try await withAdapter(adapter, capture.reply) { provider, endpoint, server in
                var endpoint = endpoint
                endpoint.settings = sample.settings
                let attempt = AdapterConformanceTests.attempt
                if isStream {
                    _ = try await collected(provider.stream(sample.request, at: endpoint, attempt: attempt))
                } else {
                    _ = try await provider.respond(to: sample.request, at: endpoint, attempt: attempt)
                }
                let sent = try server.onlyBody
                #expect(server.requests[0].target == capture.target)
                for (key, value) in try #require(capture.requestBody.object) where !sample.ignored.contains(key) {
                    #expect(sent[key] == value, "\(id): \(key)")
                }
            }
        }
    }

    @Test("the version of the API is the one that takes the request's parameters")
    func version() async throws {
        let old = try WireCapture("anthropic-0x/messages-basic")
        let new = try WireCapture("anthropic/messages-basic")
        let adapter = try #require(AdapterUnderTest.all.first { $0.kind == .anthropic })
        let request = AdapterConformanceTests.request(adapter)
        var sampling = request
        sampling.parameters.temperature = 0
        let samples: [(ModelRequest, JSONObject, String?)] = [
            (request, [:], new.requestHeader("anthropic-version")),
            (sampling, [:], old.requestHeader("anthropic-version")),
            (sampling, ["anthropic_version": "2027-01-01"], "2027-01-01"),
        ]
        for (request, settings, version) in samples {
            try await withAdapter(adapter, new.reply) { provider, endpoint, server in
                var endpoint = endpoint
                endpoint.settings = settings
                _ = try await provider.respond(
                    to: request, at: endpoint, attempt: AdapterConformanceTests.attempt)
                #expect(server.requests[0].header("anthropic-version") == version)
            }
        }
    }

    @Test("the key goes out as a bearer token when the settings say so, and a base with /v1 is understood")
    func bearer() async throws {
        let adapter = try #require(AdapterUnderTest.all.first { $0.kind == .anthropic })
        try await withAdapter(adapter, WireCapture("anthropic/bearer").reply) { provider, endpoint, server in
            var endpoint = endpoint
            endpoint.baseURL += "/v1"
            endpoint.settings = ["auth": "bearer", "headers": ["anthropic-beta": "a,b"]]
            _ = try await provider.respond(
                to: AdapterConformanceTests.request(adapter), at: endpoint, attempt: AdapterConformanceTests.attempt)
            let request = server.requests[0]
            #expect(request.target == "/v1/messages")
            #expect(request.header("authorization") == "Bearer \(AdapterUnderTest.key)")
            #expect(request.header("x-api-key") == nil)
            #expect(request.header("anthropic-beta") == "a,b")
        }
    }

    @Test("a query that every address needs is added, and headers of the settings replace our own")
    func query() async throws {
        let capture = try WireCapture("openai/azure-chat")
        let adapter = try #require(AdapterUnderTest.all.first { $0.kind == .openAICompatible })
        try await withAdapter(adapter, capture.reply) { provider, endpoint, server in
            let endpoint = Endpoint(
                kind: endpoint.kind, credentialID: "c", baseURL: "\(server.url)/openai/deployments/my-deployment",
                settings: [
                    "query": ["api-version": "2026-05-01-preview"],
                    "headers": ["api-key": "k", "User-Agent": "other"],
                ])
            _ = try await provider.respond(
                to: AdapterConformanceTests.request(adapter), at: endpoint, attempt: AdapterConformanceTests.attempt)
            let request = server.requests[0]
            #expect(request.target == capture.target)
            #expect(request.header("api-key") == "k")
            #expect(request.headers.filter { $0.name.lowercased() == "user-agent" }.map(\.value) == ["other"])
        }
    }
}
