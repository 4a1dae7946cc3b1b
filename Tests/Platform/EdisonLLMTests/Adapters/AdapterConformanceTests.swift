import EdisonCore
import EdisonLLM
import EdisonTestKit
import Testing

/// What every adapter must do alike, over the wire.
@Suite(.timeLimit(.minutes(5))) struct AdapterConformanceTests {
    static let attempt = Attempt(id: "attempt-1", timeout: .seconds(20))
    static let weather = Tool(
        name: "get_weather", description: "Look up the weather",
        parameters: ["type": "object", "properties": ["city": ["type": "string"]], "required": ["city"]])

    static func request(_ adapter: AdapterUnderTest) -> ModelRequest {
        ModelRequest(model: adapter.model, messages: [.system("Be terse."), .user("Hello?")])
    }

    @Test("a whole answer has its text, its usage, its model and its end", arguments: AdapterUnderTest.all)
    func whole(adapter: AdapterUnderTest) async throws {
        try await withAdapter(adapter, WireCapture(adapter.captures.whole).reply) { provider, endpoint, server in
            let response = try await provider.respond(
                to: Self.request(adapter), at: endpoint, attempt: Self.attempt)
            #expect(response.text == adapter.text)
            #expect(response.usage == adapter.usage)
            #expect(response.model == adapter.model)
            #expect(response.finishReason == .stop)
            #expect(response.toolCalls.isEmpty)
            let request = try #require(server.requests.first)
            #expect(request.method == "POST")
            #expect(request.target == adapter.chatPath)
            #expect(request.header(adapter.keyHeader.name) == adapter.keyHeader.value)
            #expect(request.header("edison-attempt") == "attempt-1")
            #expect(request.header("content-type") == "application/json")
            let isInPath = adapter.streamPath != nil
            #expect(try server.onlyBody["model"]?.string == (isInPath ? nil : adapter.model))
        }
    }

    @Test("a stream's pieces add up to its answer", arguments: AdapterUnderTest.all)
    func stream(adapter: AdapterUnderTest) async throws {
        try await withAdapter(adapter, WireCapture(adapter.captures.stream).reply) { provider, endpoint, server in
            let pieces = try await collected(
                provider.stream(Self.request(adapter), at: endpoint, attempt: Self.attempt))
            #expect(pieces.count > 3)
            #expect(pieces.text == adapter.text)
            let answer = try #require(pieces.answer)
            #expect(answer.text == adapter.text)
            #expect(answer.usage == adapter.usage)
            #expect(answer.finishReason == .stop)
            #expect(answer.model == adapter.streamModel ?? adapter.model)
            #expect(try server.onlyBody["stream"] == (adapter.streamPath == nil ? true : nil))
            #expect(server.requests[0].target == adapter.streamPath ?? adapter.chatPath)
        }
    }

    @Test("a call of a tool comes whole, and the same from a stream", arguments: AdapterUnderTest.all)
    func tools(adapter: AdapterUnderTest) async throws {
        var request = Self.request(adapter)
        request.tools = [Self.weather]
        for isStream in [false, true] {
            let capture = try WireCapture(isStream ? adapter.captures.toolsStream : adapter.captures.tools)
            try await withAdapter(adapter, capture.reply) { provider, endpoint, server in
                let response =
                    isStream
                    ? try await collected(provider.stream(request, at: endpoint, attempt: Self.attempt)).answer
                    : try await provider.respond(to: request, at: endpoint, attempt: Self.attempt)
                let call = try #require(response?.toolCalls.first)
                #expect(response?.toolCalls.count == 1)
                #expect(call.name == "get_weather")
                #expect(!call.id.isEmpty)
                #expect(try JSONValue(parsing: call.arguments) == ["city": "x", "unit": "celsius"])
                #expect(response?.finishReason == .toolCalls)
                #expect(try server.onlyBody.text().contains("Look up the weather"))
            }
        }
    }

    @Test("a schema goes out, and its answer can be read", arguments: AdapterUnderTest.all)
    func schema(adapter: AdapterUnderTest) async throws {
        guard let capture = try adapter.captures.schema.map({ try WireCapture($0) }) else { return }
        var request = Self.request(adapter)
        let members: JSONValue = [
            "title": ["type": "string"], "steps": ["type": "array", "items": ["type": "string"]],
            "minutes": ["type": "integer"],
        ]
        let schema: JSONValue = [
            "title": "Recipe", "type": "object", "properties": members, "required": ["title", "steps", "minutes"],
            "additionalProperties": false,
        ]
        request.responseFormat = .schema(ResponseSchema(name: "Recipe", schema: schema))
        try await withAdapter(adapter, capture.reply) { provider, endpoint, server in
            let response = try await provider.respond(to: request, at: endpoint, attempt: Self.attempt)
            #expect(
                StructuredAnswer.read(response.text, JSONSchema(schema))
                    == .success(["title": "x", "steps": ["x"], "minutes": 1]))
            #expect(try server.onlyBody.text().contains(#""title":"Recipe""#))
        }
    }

    @Test("nothing is sent for a parameter that is not set, and 0 is 0", arguments: AdapterUnderTest.all)
    func parameters(adapter: AdapterUnderTest) async throws {
        let reply = try WireCapture(adapter.captures.whole).reply
        let plain = try await withAdapter(adapter, reply) { provider, endpoint, server in
            _ = try await provider.respond(to: Self.request(adapter), at: endpoint, attempt: Self.attempt)
            return try server.onlyBody.text()
        }
        for word in ["temperature", "top_p", "top_k", "seed", "penalty", "tools", "format"] {
            #expect(!plain.contains(word), "\(word)")
        }
        var request = Self.request(adapter)
        request.parameters = ModelParameters(temperature: 0, maxTokens: 9, topP: 0.5, stop: ["END"])
        let full = try await withAdapter(adapter, reply) { [request] provider, endpoint, server in
            _ = try await provider.respond(to: request, at: endpoint, attempt: Self.attempt)
            return try server.onlyBody
        }
        let sampling = full["options"] ?? full["generationConfig"] ?? full["inferenceConfig"] ?? full
        #expect(sampling["temperature"]?.double == 0)
        #expect((sampling["top_p"] ?? sampling["topP"])?.double == 0.5)
        #expect((sampling["stop"] ?? sampling["stop_sequences"] ?? sampling["stopSequences"])?[0] == "END")
        let limits = ["max_tokens", "max_completion_tokens", "num_predict", "maxOutputTokens", "maxTokens"]
            .compactMap { sampling[$0]?.int }
        #expect(limits == [9])
    }
}
