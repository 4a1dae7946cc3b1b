import EdisonCore
import EdisonLLM
import EdisonTestKit
import Testing

/// A conversation with a tool's result goes out in the shape that the libraries send, which repeat the answer's nulls.
@Suite(.timeLimit(.minutes(5))) struct WireToolResultTests {
    static let samples: [(id: String, kind: ProviderKind, callID: String, text: String, result: String)] = [
        ("openai/chat-tool-result", .openAI, "call_stub1", "", #"{"c":4}"#),
        ("anthropic/messages-tool-result", .anthropic, "toolu_stub1", "Calling a tool.", "4C"),
        ("ollama/chat-tool-result", .ollama, "call_0", "", "4C"),
    ]

    @Test("a tool's result follows its call", arguments: samples.indices)
    func result(index: Int) async throws {
        let sample = Self.samples[index]
        let capture = try WireCapture(sample.id)
        let adapter = try #require(AdapterUnderTest.all.first { $0.kind == sample.kind })
        var turns = WireRequestTests.exchange(result: sample.result, id: sample.callID)
        if !sample.text.isEmpty { turns[0].content = [.text(sample.text)] }
        let request = ModelRequest(model: adapter.model, messages: [.user("Weather in Oslo?")] + turns)
        try await withAdapter(adapter, capture.reply) { provider, endpoint, server in
            _ = try await provider.respond(to: request, at: endpoint, attempt: AdapterConformanceTests.attempt)
            let sent = try server.onlyBody["messages"]?.array ?? []
            let captured = capture.requestBody["messages"]?.array ?? []
            #expect(sent.count == captured.count)
            for (sent, captured) in zip(sent, captured) {
                #expect(Self.core(sent) == Self.core(captured))
            }
        }
    }

    /// Without what says nothing: nulls, false, empty lists and empty texts.
    private static func core(_ json: JSONValue) -> JSONValue {
        switch json {
        case .object(let object):
            .object(JSONObject(object.map { ($0.key, core($0.value)) }.filter { !isIdle($0.1) }))
        case .array(let elements): .array(elements.map(core))
        default: json
        }
    }

    private static func isIdle(_ json: JSONValue) -> Bool {
        json.isNull || json == false || json == "" || json.array?.isEmpty == true
    }

    @Test("a call whose arguments are no object is refused where they must be one", arguments: [1, 2])
    func invalidArguments(index: Int) async throws {
        let adapter = try #require(AdapterUnderTest.all.first { $0.kind == Self.samples[index].kind })
        var turns = WireRequestTests.exchange(result: "4C")
        turns[0].toolCalls[0].arguments = #"{"city": "#
        let request = ModelRequest(model: adapter.model, messages: [.user("Weather?")] + turns)
        try await withAdapter(adapter, .nothing) { provider, endpoint, server in
            let failure = await #expect(throws: ProviderFailure.self) {
                _ = try await provider.respond(to: request, at: endpoint, attempt: AdapterConformanceTests.attempt)
            }
            #expect(failure?.kind == .badRequest)
            #expect(failure?.message == "the arguments of the call of get_weather are not a JSON object")
            #expect(server.requests.isEmpty)
        }
    }

    @Test("the image of a message goes out as each provider takes it")
    func image() async throws {
        let message = Message(.user, [.text("What is this?"), .image(mediaType: "image/png", base64: "iVBORw0KGgo=")])
        let shapes: [(ProviderKind, String, JSONValue)] = [
            (
                .openAI, "openai/chat-image",
                ["type": "image_url", "image_url": ["url": "data:image/png;base64,iVBORw0KGgo="]]
            ),
            (
                .anthropic, "anthropic/messages-cache-control",
                ["type": "image", "source": ["type": "base64", "media_type": "image/png", "data": "iVBORw0KGgo="]]
            ),
        ]
        for (kind, id, part) in shapes {
            let adapter = try #require(AdapterUnderTest.all.first { $0.kind == kind })
            let request = ModelRequest(model: adapter.model, messages: [message])
            try await withAdapter(adapter, WireCapture(id).reply) { provider, endpoint, server in
                _ = try await provider.respond(to: request, at: endpoint, attempt: AdapterConformanceTests.attempt)
                let content = try server.onlyBody["messages"]?[0]?["content"]
                #expect(content?[0] == ["type": "text", "text": "What is this?"])
                #expect(content?[1] == part)
            }
        }
    }
}
