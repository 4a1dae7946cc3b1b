import EdisonCore
import EdisonLLM
import EdisonTestKit
import Testing

/// Whatever shapes an answer, or says whose it is, keeps answers apart.
@Suite("The key of the response cache", .timeLimit(.minutes(3)))
struct CacheKeyTests {
    struct Variation: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let change: @Sendable (inout Parts) -> Void

        init(_ name: String, _ change: @escaping @Sendable (inout Parts) -> Void) {
            testDescription = name
            self.change = change
        }
    }

    struct Parts: Sendable {
        var reference: ModelReference
        var request: ModelRequest
        var tenant = "t"
        var sample = 0
    }

    static let tool = Tool(name: "look", description: "Looks.", parameters: ["type": "object"])

    static let variations = [
        Variation("tenant") { $0.tenant = "u" },
        Variation("sample") { $0.sample = 1 },
        Variation("credential") { $0.reference.endpoint.credentialID = "c2" },
        Variation("base URL") { $0.reference.endpoint.baseURL += "/x" },
        Variation("kind of provider") { $0.reference.endpoint.kind = .openAI },
        Variation("settings") { $0.reference.endpoint.settings["headers"] = ["x-team": "two"] },
        Variation("model") { $0.reference.model = "n" },
        Variation("text") { $0.request.messages[1] = .user("Hello!") },
        Variation("role") { $0.request.messages[0].role = .user },
        Variation("name") { $0.request.messages[1].name = "eve" },
        Variation("number of messages") { $0.request.messages.append(.user("")) },
        Variation("temperature") { $0.request.parameters.temperature = 0.5 },
        Variation("temperature left out") { $0.request.parameters.temperature = nil },
        Variation("limit of tokens") { $0.request.parameters.maxTokens = 21 },
        Variation("top_p") { $0.request.parameters.topP = 0.9 },
        Variation("stop") { $0.request.parameters.stop = ["."] },
        Variation("effort") { $0.request.parameters.reasoningEffort = "high" },
        Variation("extra parameters") { $0.request.parameters.extra = ["logit_bias": [:]] },
        Variation("seed") { $0.request.seed = 2 },
        Variation("tools") { $0.request.tools = [] },
        Variation("words of a tool") { $0.request.tools[0].description = "Looks again." },
        Variation("choice of tools") { $0.request.toolChoice = .required },
        Variation("format") { $0.request.responseFormat = .json },
        Variation("schema") {
            $0.request.responseFormat = .schema(ResponseSchema(name: "s", schema: ["type": "array"]))
        },
        Variation("name of the schema") {
            $0.request.responseFormat = .schema(ResponseSchema(name: "r", schema: ["type": "object"]))
        },
    ]

    @Test("what differs in one thing is another request", arguments: variations)
    func apart(_ variation: Variation) async throws {
        try await PipelineFixture.on(.sqlite) {
            .answer("answer \($0.index)")
        } _: { fixture in
            let calls = fixture.calls()
            let base = Parts(
                reference: fixture.reference(),
                request: ModelRequest(
                    model: "m", messages: [.system("Be brief."), .user("Hello")],
                    parameters: ModelParameters(temperature: 0, maxTokens: 20), seed: 1, tools: [Self.tool],
                    responseFormat: .schema(ResponseSchema(name: "s", schema: ["type": "object"]))))
            var other = base
            variation.change(&other)
            #expect(try await calls.perform(Self.call("a", base)).text == "answer 0")
            #expect(try await calls.perform(Self.call("b", other)).text == "answer 1")
            for (name, parts, text) in [("c", base, "answer 0"), ("d", other, "answer 1")] {
                let result = try await calls.perform(Self.call(name, parts))
                #expect(result.cached)
                #expect(result.text == text)
            }
        }
    }

    @Test("what only says how often and how long is the same request")
    func same() async throws {
        try await PipelineFixture.on(.sqlite) {
            .answer("answer \($0.index)")
        } _: { fixture in
            let calls = fixture.calls()
            _ = try await calls.perform(fixture.call("a", caching: .on))
            let patient = fixture.reference(settings: ["timeout": 3, "requests_per_minute": 100])
            #expect(try await calls.perform(fixture.call("b", to: patient, caching: .on)).cached)
            // The key itself is no part of it, since it may be renewed.
            var renewed = fixture.reference()
            renewed.endpoint.apiKey = Secret("another")
            #expect(try await calls.perform(fixture.call("c", to: renewed, caching: .on)).cached)
        }
    }

    private static func call(_ name: String, _ parts: Parts) -> ModelCall {
        ModelCall(
            key: CallKey(scope: "run", purpose: .judge, parts: [name]), reference: parts.reference,
            request: parts.request, budgets: [], caching: .on, tenant: parts.tenant, sample: parts.sample)
    }
}
