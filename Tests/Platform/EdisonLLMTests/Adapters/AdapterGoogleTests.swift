import CryptoExtras
import EdisonCore
import EdisonTestKit
import Foundation
import Synchronization
import Testing

@testable import EdisonLLM

/// What is special about Gemini: its keys, its blocked prompts, its thoughts.
@Suite(.timeLimit(.minutes(5))) struct AdapterGoogleTests {
    private static let attempt = AdapterConformanceTests.attempt
    private static let request = ModelRequest(model: "m", messages: [.user("Hi")])

    private func adapter(_ kind: ProviderKind) throws -> AdapterUnderTest {
        try #require(AdapterUnderTest.all.first { $0.kind == kind })
    }

    private func sent(_ request: ModelRequest, settings: JSONObject = [:]) async throws -> JSONValue {
        try await withAdapter(adapter(.gemini), WireCapture("gemini/gen-basic").reply) { provider, endpoint, server in
            var endpoint = endpoint
            endpoint.settings = settings
            _ = try await provider.respond(to: request, at: endpoint, attempt: Self.attempt)
            return try server.onlyBody
        }
    }

    private func answer(_ body: String, isStream: Bool = false) async throws -> ModelResponse {
        try await withAdapter(adapter(.gemini), .init(body)) { provider, endpoint, _ in
            guard isStream else {
                return try await provider.respond(to: Self.request, at: endpoint, attempt: Self.attempt)
            }
            let pieces = try await collected(provider.stream(Self.request, at: endpoint, attempt: Self.attempt))
            return try #require(pieces.answer)
        }
    }

    // MARK: Requests

    @Test("a request has the fields that Google's client sends")
    func fields() async throws {
        let capture = try WireCapture("gemini/gen-basic")
        let body = try await sent(
            ModelRequest(
                model: "gemini-3-flash",
                messages: [.system("You are terse."), .user("Name one colour of a ripe lemon.")],
                parameters: ModelParameters(
                    temperature: 0.2, maxTokens: 64, topK: 10, stop: ["END"],
                    extra: ["safetySettings": try #require(capture.requestBody["safetySettings"])])))
        #expect(body["contents"] == capture.requestBody["contents"])
        #expect(body["safetySettings"] == capture.requestBody["safetySettings"])
        #expect(body["systemInstruction"]?["parts"] == capture.requestBody["systemInstruction"]?["parts"])
        #expect(
            body["generationConfig"] == [
                "temperature": 0.2, "topK": 10, "maxOutputTokens": 64, "stopSequences": ["END"],
            ])
    }

    @Test(
        "thinking is a budget, none, or a level",
        arguments: [
            ("none", ["thinkingBudget": 0]), ("256", ["thinkingBudget": 256, "includeThoughts": true]),
            ("low", ["thinkingLevel": "LOW", "includeThoughts": true]),
        ] as [(String, JSONValue)])
    func thinking(effort: String, expected: JSONValue) async throws {
        var request = Self.request
        request.parameters.reasoningEffort = effort
        request.seed = Int.max
        let configuration = try await sent(request)["generationConfig"]
        #expect(configuration?["thinkingConfig"] == expected)
        // The field holds 32 bits.
        #expect(configuration?["seed"]?.int == Int(Int32.max))
    }

    @Test("a call goes back with its id, its thought's signature and its result")
    func toolResult() async throws {
        let call = try await withAdapter(adapter(.gemini), WireCapture("gemini/gen-tools").reply) {
            provider, endpoint, _ in
            try await provider.respond(to: Self.request, at: endpoint, attempt: Self.attempt).toolCalls[0]
        }
        let body = try await sent(
            ModelRequest(
                model: "m",
                messages: [
                    .user("Weather in Oslo?"), Message(.assistant, [], toolCalls: [call]),
                    Message(.tool, [.text("4C")], toolCallID: call.id),
                ]))
        let expected = try WireCapture("gemini/gen-tool-result").requestBody["contents"]
        #expect(body["contents"]?[1]?["parts"]?[0]?["functionCall"] == expected?[1]?["parts"]?[0]?["functionCall"])
        #expect(body["contents"]?[1]?["parts"]?[0]?["thoughtSignature"] == "c2ln")
        let result = body["contents"]?[2]?["parts"]?[0]?["functionResponse"]
        #expect(result == ["id": "fc1", "name": "get_weather", "response": ["result": "4C"]])
    }

    @Test("a model's name cannot lead to another address")
    func names() async throws {
        for (name, target) in [
            ("a/../../b?c#d", "/v1/a/%2E%2E/%2E%2E/b%3Fc%23d:generateContent"),
            ("tunedModels/x", "/v1/tunedModels/x:generateContent"),
        ] {
            try await withAdapter(adapter(.gemini), WireCapture("gemini/gen-basic").reply) {
                provider, endpoint, server in
                _ = try await provider.respond(
                    to: ModelRequest(model: name, messages: [.user("x")]), at: endpoint, attempt: Self.attempt)
                #expect(server.requests[0].target == target)
            }
        }
    }

    // MARK: Answers

    @Test("a refused prompt is a failure, though it comes with status 200", arguments: [false, true])
    func blocked(isStream: Bool) async throws {
        let body = #"{"promptFeedback":{"blockReason":"SAFETY"},"usageMetadata":{"promptTokenCount":7}}"#
        let failure = await #expect(throws: ProviderFailure.self) {
            _ = try await answer(isStream ? "data: \(body)\r\n\r\n" : body, isStream: isStream)
        }
        #expect(failure?.kind == .contentFiltered && failure?.code == "SAFETY" && failure?.isRetryable == false)
        #expect(failure?.usage == TokenUsage(input: 7, output: 0))
    }

    @Test("thoughts are kept apart and billed as output; tools' prompts are billed as input")
    func odd() async throws {
        let thought = try await answer(
            """
            {"candidates":[{"content":{"parts":[{"text":"hm","thought":true},{"text":"Hi"}]},"finishReason":"STOP"}],
            "usageMetadata":{"promptTokenCount":5,"toolUsePromptTokenCount":3,"candidatesTokenCount":2,
            "thoughtsTokenCount":9}}
            """)
        #expect(thought.text == "Hi" && thought.reasoning == "hm" && thought.model == "m")
        #expect(thought.usage == TokenUsage(input: 8, output: 11, reasoning: 9))
        let cut = try await answer(#"{"candidates":[{"content":{"role":"model"},"finishReason":"MAX_TOKENS"}]}"#)
        #expect(cut.text.isEmpty && cut.finishReason == .length && cut.usage == nil)
        let unsafe = try await answer(#"{"candidates":[{"finishReason":"SAFETY"}]}"#)
        #expect(unsafe.finishReason == .contentFilter)
    }

    @Test("an error in a stream is found in every place where Google puts it")
    func streamErrors() async throws {
        let error = #"{"error":{"code":503,"message":"later","status":"UNAVAILABLE"}}"#
        for body in [error, "[\(error)]", "data: \(error)\r\n\r\n"] {
            let failure = await #expect(throws: ProviderFailure.self) { _ = try await answer(body, isStream: true) }
            #expect(failure?.kind == .cutStream && failure?.message == "later" && failure?.code == "UNAVAILABLE")
        }
    }

    @Test("a wrong key is a refused key though its status is 400, and a limit of the day is no limit of the minute")
    func refusals() async throws {
        let bodies: [(Int, String, ProviderFailure.Kind)] = [
            (
                400,
                #"{"error":{"code":400,"message":"m","status":"INVALID_ARGUMENT","details":[{"reason":"API_KEY_INVALID"}]}}"#,
                .refusedKey
            ),
            (
                429,
                #"{"error":{"code":429,"message":"m","details":[{"violations":[{"quotaId":"GenerateRequestsPerDay"}]}]}}"#,
                .quotaExceeded
            ),
        ]
        for (status, body, kind) in bodies {
            let failure = try await withAdapter(adapter(.gemini), .init(status: status, body)) {
                provider, endpoint, _ in
                await #expect(throws: ProviderFailure.self) {
                    _ = try await provider.respond(to: Self.request, at: endpoint, attempt: Self.attempt)
                }
            }
            #expect(failure?.kind == kind)
        }
    }

    @Test("models are listed page by page, and only those that can be called")
    func models() async throws {
        try await WireServer.running({ request in
            request.target.contains("pageToken=t%2F1")
                ? .init(#"{"models":[{"name":"models/b","inputTokenLimit":5}]}"#)
                : .init(
                    #"{"models":[{"name":"models/a","supportedGenerationMethods":["bidiGenerateContent"]}],"nextPageToken":"t/1"}"#
                )
        }) { server in
            let transport = HTTPTransport()
            let endpoint = Endpoint(kind: .gemini, credentialID: "c", baseURL: server.url, apiKey: Secret("k"))
            let models = try await GeminiProvider(kind: .gemini, transport: transport).models(at: endpoint)
            #expect(models == [ModelListing(name: "b", contextTokens: 5)])
            await transport.shutdown()
        }
    }

    // MARK: Service accounts

    @Test("a service account signs for a token, keeps it, and gets another when it is refused")
    func serviceAccount() async throws {
        let key = try _RSA.Signing.PrivateKey(keySize: .bits2048)
        let current = Mutex("token-1")
        let chat = try WireCapture("gemini/vertex-gen").reply
        let stream = try WireCapture("gemini/vertex-stream").reply
        try await WireServer.running({ request in
            let token = current.withLock { $0 }
            if request.target == "/token" { return .init(#"{"access_token":"\#(token)","expires_in":3600}"#) }
            return request.header("authorization") == "Bearer \(token)"
                ? (request.target.contains("stream") ? stream : chat) : .init(status: 401, "{}")
        }) { server in
            let transport = HTTPTransport()
            let account: JSONValue = [
                "type": "service_account", "client_email": "robot@p.iam", "project_id": "own-project",
                "private_key": .string(key.pkcs8PEMRepresentation), "private_key_id": "k1",
                "token_uri": .string("\(server.url)/token"),
            ]
            let endpoint = Endpoint(
                kind: .googleVertex, credentialID: "c", baseURL: server.url, apiKey: Secret(account.text()),
                settings: ["location": "europe-west4"])
            let provider = GeminiProvider(kind: .googleVertex, transport: transport)
            for _ in 0..<2 { _ = try await provider.respond(to: Self.request, at: endpoint, attempt: Self.attempt) }
            current.withLock { $0 = "token-2" }
            let pieces = try await collected(provider.stream(Self.request, at: endpoint, attempt: Self.attempt))
            #expect(pieces.isEmpty == false)
            let path = "/v1beta1/projects/own-project/locations/europe-west4/publishers/google/models/m"
            #expect(
                server.requests.map(\.target) == [
                    "/token", "\(path):generateContent", "\(path):generateContent",
                    "\(path):streamGenerateContent?alt=sse", "/token", "\(path):streamGenerateContent?alt=sse",
                ])
            let form = String(decoding: server.requests[0].body, as: UTF8.self)
            #expect(server.requests[0].header("content-type") == "application/x-www-form-urlencoded")
            #expect(form.hasPrefix("grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer&assertion="))
            let parts = form.split(separator: "=").last.map { $0.split(separator: ".").map(String.init) } ?? []
            try #require(parts.count == 3)
            let claims = try JSONValue(parsing: Array(Self.decoded(parts[1])))
            #expect(claims["iss"] == "robot@p.iam" && claims["aud"] == .string("\(server.url)/token"))
            let signature = _RSA.Signing.RSASignature(rawRepresentation: Self.decoded(parts[2]))
            #expect(
                key.publicKey.isValidSignature(
                    signature, for: Data("\(parts[0]).\(parts[1])".utf8), padding: .insecurePKCS1v1_5))
            await transport.shutdown()
        }
    }

    private static func decoded(_ text: String) -> Data {
        let base = text.replacing("-", with: "+").replacing("_", with: "/")
        return Data(base64Encoded: base + String(repeating: "=", count: (4 - base.count % 4) % 4)) ?? Data()
    }

    @Test("a token is kept until a minute before its end, and asked for once by calls that need it at once")
    func tokens() async throws {
        let key = try _RSA.Signing.PrivateKey(keySize: .bits2048)
        try await WireServer.running({ _ in .init(#"{"access_token":"t","expires_in":600}"#) }) { server in
            let transport = HTTPTransport()
            let json: JSONValue = [
                "client_email": "r", "private_key": .string(key.pkcs8PEMRepresentation),
                "token_uri": .string("\(server.url)/token"),
            ]
            let account = try #require(try GoogleServiceAccount(json.text()))
            let clock = Mutex(Date(timeIntervalSince1970: 1_000_000))
            let tokens = GoogleTokens(transport: transport) { clock.withLock { $0 } }
            try await withThrowingTaskGroup(of: String.self) { group in
                for _ in 0..<8 { group.addTask { try await tokens.token(for: account) } }
                for try await token in group { #expect(token == "t") }
            }
            clock.withLock { $0 += 539 }
            _ = try await tokens.token(for: account)
            #expect(server.requests.count == 1)
            clock.withLock { $0 += 2 }
            _ = try await tokens.token(for: account)
            #expect(server.requests.count == 2)
            await transport.shutdown()
        }
    }

    @Test("a service account that gets no token says why, and shows nothing of its key")
    func refusedAccount() async throws {
        let key = try _RSA.Signing.PrivateKey(keySize: .bits2048)
        let refusal = WireServer.Reply(
            status: 400, #"{"error":"invalid_grant","error_description":"Invalid JWT Signature."}"#)
        try await withAdapter(adapter(.googleVertex), refusal) { provider, endpoint, server in
            var asked = endpoint
            let json: JSONValue = [
                "client_email": "robot", "private_key": .string(key.pkcs8PEMRepresentation),
                "token_uri": .string("\(server.url)/token"),
            ]
            asked.apiKey = Secret(json.text())
            let endpoint = asked
            let failure = await #expect(throws: ProviderFailure.self) {
                _ = try await provider.respond(to: Self.request, at: endpoint, attempt: Self.attempt)
            }
            #expect(failure?.kind == .refusedKey)
            #expect(
                failure?.message == "no token for the service account robot: invalid_grant: Invalid JWT Signature.")
        }
        for (text, words) in [
            (#"{"a":1}"#, "client_email"),
            (#"{"client_email":"a","private_key":"secret-words","token_uri":"http://example.org/x"}"#, "https"),
        ] {
            let failure = #expect(throws: ProviderFailure.self) { try GoogleServiceAccount(text) }
            #expect(failure?.message.contains(words) == true && failure?.message.contains("secret-words") == false)
        }
        let broken = try #require(
            try GoogleServiceAccount(#"{"client_email":"a","private_key":"secret-words"}"#))
        let failure = #expect(throws: ProviderFailure.self) { try broken.assertion(at: Date()) }
        #expect(failure?.message.contains("secret-words") == false)
    }
}
