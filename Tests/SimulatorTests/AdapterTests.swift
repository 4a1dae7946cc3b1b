import EdisonCore
import EdisonLLM
import ProviderSimulator
import Testing

/// The adapters of the program against the simulator, over HTTP: each format is read by who did not write it.
@Suite("adapters", .timeLimit(.minutes(5)))
struct AdapterTests {
    /// How one kind of provider is reached at the simulator.
    struct Place: Sendable, CustomStringConvertible {
        let kind: ProviderKind
        var path = ""
        var settings: JSONObject = [:]
        /// The key that the simulator is told of, where what is sent is made of it.
        var key = "right-key"

        var description: String { settings.isEmpty ? kind.name : "\(kind.name) \(JSONValue.object(settings).text())" }
    }

    static let places: [Place] = [
        Place(kind: .openAI, path: "/v1"), Place(kind: .anthropic), Place(kind: .ollama),
        Place(kind: .groq, path: "/openai/v1"), Place(kind: .azureOpenAI, settings: ["api_version": "2026-05-01"]),
        Place(kind: .azureOpenAI), Place(kind: .azureOpenAI, settings: ["auth": "bearer", "deployment": "d"]),
        Place(kind: .gemini), Place(kind: .googleVertex, settings: ["project": "p", "location": "global"]),
        Place(kind: .awsBedrock, settings: ["region": "eu-central-1"]),
        Place(
            kind: .awsBedrock, settings: ["region": "us-east-1"],
            key: #"{"access_key_id": "right-key", "secret_access_key": "never-shown", "session_token": "token-1"}"#),
    ]

    private func asked<Value>(
        _ place: Place, _ configuration: SimulatorConfiguration, key: String? = nil,
        _ use: (any ModelProvider, Endpoint, RunningSimulator) async throws -> Value
    ) async throws -> Value {
        var configuration = configuration
        configuration.apiKey = "right-key"
        return try await withSimulator(configuration) { client in
            let transport = HTTPTransport()
            let provider = try #require(ProviderCatalog.providers(transport).first { $0.kind == place.kind })
            let endpoint = Endpoint(
                kind: place.kind, credentialID: "c", baseURL: client.simulator.baseURL + place.path,
                apiKey: Secret(key ?? place.key), settings: place.settings)
            do {
                let value = try await use(provider, endpoint, client.simulator)
                await transport.shutdown()
                return value
            } catch {
                await transport.shutdown()
                throw error
            }
        }
    }

    private static let attempt = Attempt(id: "a1", timeout: .seconds(20))
    private static let echo = SimulatorConfiguration(behaviour: .echo)

    private static func pieces(_ stream: AsyncThrowingStream<StreamPiece, any Error>) async throws -> [StreamPiece] {
        var pieces: [StreamPiece] = []
        for try await piece in stream { pieces.append(piece) }
        return pieces
    }

    private static func end(_ pieces: [StreamPiece]) throws -> ModelResponse {
        guard case .end(let response)? = pieces.last else { throw EdisonError(.internal, "no end") }
        return response
    }

    @Test("an answer comes whole and in pieces, counted alike", arguments: places)
    func answers(place: Place) async throws {
        try await asked(place, Self.echo) { provider, endpoint, simulator in
            let request = ModelRequest(
                model: "apprentice", messages: [.system("abcd"), .user("one two three four five six seven eight")])
            let whole = try await provider.respond(to: request, at: endpoint, attempt: Self.attempt)
            let pieces = try await Self.pieces(provider.stream(request, at: endpoint, attempt: Self.attempt))
            let streamed = try Self.end(pieces)
            #expect(whole.text == "one two three four five six seven eight")
            #expect(streamed.text == whole.text && pieces.count > 3)
            #expect(whole.usage == TokenUsage(input: 11, output: 10) && streamed.usage == whole.usage)
            #expect(whole.finishReason == .stop && streamed.finishReason == .stop)
            let log = simulator.log.entries
            #expect(log.map(\.attempt) == ["a1", "a1"] && log.map(\.streams) == [false, true])
            #expect(log.map(\.outputTokens) == [10, 10])
        }
    }

    @Test("a schema is answered by an instance of it, whole and in pieces", arguments: places)
    func structured(place: Place) async throws {
        let schema: JSONValue = [
            "title": "judgment", "type": "object", "additionalProperties": false, "required": ["note", "score"],
            "properties": ["note": ["type": "string"], "score": ["type": "integer", "minimum": 3, "maximum": 5]],
        ]
        try await asked(place, Self.echo) { provider, endpoint, simulator in
            let request = ModelRequest(
                model: "apprentice", messages: [.user("hello")],
                responseFormat: .schema(ResponseSchema(name: "judgment", schema: schema)))
            let whole = try await provider.respond(to: request, at: endpoint, attempt: Self.attempt)
            let streamed = try Self.end(
                try await Self.pieces(provider.stream(request, at: endpoint, attempt: Self.attempt)))
            for answer in [whole, streamed] {
                #expect(try JSONValue(parsing: answer.text)["note"] == "hello", "\(answer.text)")
                #expect(answer.toolCalls.isEmpty && answer.finishReason == .stop)
            }
            #expect(simulator.log.entries.map(\.schema) == ["judgment", "judgment"])
        }
    }

    @Test("the apprentice judges by the schema of a judgment over every format", arguments: places)
    func apprentice(place: Place) async throws {
        let scores: JSONValue = [
            "type": "object", "additionalProperties": false, "required": ["Tone"],
            "properties": ["Tone": ["type": "number", "minimum": 1, "maximum": 5]],
        ]
        let schema: JSONValue = [
            "title": "judgment", "type": "object", "additionalProperties": false, "required": ["scores"],
            "properties": ["scores": scores],
        ]
        try await asked(place, SimulatorConfiguration()) { provider, endpoint, _ in
            let request = ModelRequest(
                model: "judge-a",
                messages: [
                    .system("You judge."),
                    .user(
                        """
                        <goal>Answer support mail.</goal><rubric>[{"name": "Tone", "scale": [1, 5]}]</rubric>\
                        <case_input>Where is my parcel?</case_input><output>It comes tomorrow, sorry.</output>
                        """),
                ], responseFormat: .schema(ResponseSchema(name: "judgment", schema: schema)))
            let answer = try await provider.respond(to: request, at: endpoint, attempt: Self.attempt)
            #expect(try JSONValue(parsing: answer.text)["scores"]?["Tone"]?.double != nil, "\(answer.text)")
        }
    }

    @Test("a tool is called with its arguments, whole and in pieces", arguments: places)
    func tools(place: Place) async throws {
        try await asked(place, Self.echo) { provider, endpoint, _ in
            let tool = Tool(
                name: "get_weather", description: "Look up the weather",
                parameters: ["type": "object", "properties": ["city": ["type": "string"]], "required": ["city"]])
            let request = ModelRequest(model: "m", messages: [.user("Weather in Paris")], tools: [tool])
            let whole = try await provider.respond(to: request, at: endpoint, attempt: Self.attempt)
            let streamed = try Self.end(
                try await Self.pieces(provider.stream(request, at: endpoint, attempt: Self.attempt)))
            for answer in [whole, streamed] {
                #expect(answer.toolCalls.map(\.name) == ["get_weather"])
                #expect(try JSONValue(parsing: answer.toolCalls[0].arguments)["city"] == "Paris")
                #expect(answer.finishReason == .toolCalls)
            }
        }
    }

    @Test("a wrong key is a refused key, and stands in no message", arguments: places)
    func wrongKey(place: Place) async throws {
        try await asked(place, Self.echo, key: place.key.replacing("right-key", with: "wrong-key")) {
            provider, endpoint, _ in
            let request = ModelRequest(model: "m", messages: [.user("x")])
            let failure = await #expect(throws: ProviderFailure.self) {
                _ = try await provider.respond(to: request, at: endpoint, attempt: Self.attempt)
            }
            #expect(failure?.kind == .refusedKey && failure?.isRetryable == false)
            #expect(failure?.message.contains("wrong-key") == false)
            let streamed = await #expect(throws: ProviderFailure.self) {
                _ = try await Self.pieces(provider.stream(request, at: endpoint, attempt: Self.attempt))
            }
            #expect(streamed?.kind == .refusedKey)
        }
    }

    static let faults: [(fault: Fault, kinds: Set<ProviderFailure.Kind>, isInStream: Bool)] = [
        (.rateLimited, [.rateLimited], false), (.serverError, [.serverError], false),
        (.unavailable, [.overloaded], false), (.refusedKey, [.refusedKey], false),
        (.cutStream, [.cutStream, .malformed], true), (.malformedBody, [.malformed, .cutStream], true),
        (.dropped, [.connection], false),
    ]

    @Test("what goes wrong has its kind in every format, whole and in pieces", arguments: places, faults.indices)
    func fault(place: Place, index: Int) async throws {
        let (fault, kinds, isInStream) = Self.faults[index]
        var configuration = Self.echo
        configuration.faults = FaultPlan(rules: [FaultPlan.Rule(fault, every: 1, retryAfter: 2)])
        try await asked(place, configuration) { provider, endpoint, _ in
            let request = ModelRequest(model: "m", messages: [.user("one two three four five six seven eight")])
            let whole = await #expect(throws: ProviderFailure.self) {
                _ = try await provider.respond(to: request, at: endpoint, attempt: Self.attempt)
            }
            let streamed = await #expect(throws: ProviderFailure.self) {
                _ = try await Self.pieces(provider.stream(request, at: endpoint, attempt: Self.attempt))
            }
            for failure in [whole, streamed] {
                let kind = try #require(failure?.kind)
                #expect(kinds.contains(kind), "\(kind)")
            }
            if [.rateLimited, .unavailable].contains(fault) { #expect(whole?.retryAfter == .seconds(2)) }
            // What broke on the way may have been answered, and so may be asked once more.
            if isInStream { #expect(streamed?.isRetryable == true) }
        }
    }
}
