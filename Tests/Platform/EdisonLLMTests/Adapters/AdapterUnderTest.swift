import EdisonCore
import EdisonLLM
import EdisonTestKit

/// One adapter with recorded answers of its wire format, for the suite that all of them pass.
struct AdapterUnderTest: Sendable, CustomStringConvertible {
    let kind: ProviderKind
    var settings: JSONObject = [:]
    /// What follows the server's address in the base URL.
    var basePath = ""
    var chatPath: String
    /// Where streams have an address of their own, which says so; the model stands in the address then too.
    var streamPath: String?
    /// The model that the recorded stream names, where it is another one.
    var streamModel: String?
    var captures: Captures
    let model: String
    let text: String
    let usage: TokenUsage
    /// The header that carries the key, and what stands in it.
    var keyHeader: (name: String, value: String)
    /// The error answer of the format.
    let errorBody: @Sendable (_ type: String, _ message: String) -> String

    /// The ids of recorded exchanges.
    struct Captures: Sendable {
        var whole: String
        let stream: String
        let tools: String
        let toolsStream: String
        /// nil: what was recorded is not how the answer is asked for here.
        let schema: String?

        /// Recordings of a tool's call.
        struct Tools: Sendable {
            let whole: String
            let stream: String
            static let openAI = Tools(whole: "openai/chat-tools", stream: "openai/chat-tools-stream")
        }
    }

    var description: String { kind.name }

    func provider(_ transport: HTTPTransport, observer: ProviderObserver = .none) throws -> any ModelProvider {
        let provider = ProviderCatalog.providers(transport, observer: observer).first { $0.kind == kind }
        guard let provider else { throw EdisonError(.notFound, "no provider of kind \(kind)") }
        return provider
    }

    func endpoint(_ url: String) -> Endpoint {
        Endpoint(
            kind: kind, credentialID: "c1", baseURL: url + basePath, apiKey: Secret("sk-very-secret"),
            settings: settings)
    }

    static let key = "sk-very-secret"

    static let all: [AdapterUnderTest] = [
        openAI(.openAI), openAI(.openAICompatible),
        openAI(
            .groq, base: "/groq/openai/v1", folder: "groq",
            tools: Captures.Tools(whole: "groq/chat-tools", stream: "openai/chat-tools-stream"),
            model: "llama-4-scout"),
        azure, google(.gemini, "/v1", folder: "gen"), google(.googleVertex, vertexPath, folder: "vertex"), bedrock,
        AdapterUnderTest(
            kind: .anthropic, chatPath: "/v1/messages",
            captures: Captures(
                whole: "anthropic/messages-basic", stream: "anthropic/messages-stream-helper",
                tools: "anthropic/messages-tools", toolsStream: "anthropic/messages-tools-stream",
                schema: "anthropic/messages-json-schema"),
            model: "claude-opus-5-5", text: "Hello from the stub Claude.",
            usage: TokenUsage(input: 32, cacheRead: 20, output: 15), keyHeader: ("x-api-key", key),
            errorBody: { type, message in
                (["type": "error", "error": ["type": .string(type), "message": .string(message)]] as JSONValue).text()
            }),
        AdapterUnderTest(
            kind: .ollama, chatPath: "/api/chat",
            captures: Captures(
                whole: "ollama/chat-basic", stream: "ollama/chat-stream", tools: "ollama/chat-tools",
                toolsStream: "ollama/chat-tools-stream", schema: "ollama/chat-json-schema"),
            model: "llama-stub", text: "Hello from the stub llama.", usage: TokenUsage(input: 26, output: 17),
            keyHeader: ("authorization", "Bearer \(key)"),
            errorBody: { _, message in (["error": .string(message)] as JSONValue).text() }),
    ]

    private static let vertexPath = "/v1beta1/projects/edison-proj/locations/europe-west4/publishers/google"

    private static func google(_ kind: ProviderKind, _ path: String, folder: String) -> AdapterUnderTest {
        let model = "gemini-3-flash"
        let isVertex = kind == .googleVertex
        return AdapterUnderTest(
            kind: kind, settings: isVertex ? ["project": "edison-proj", "location": "europe-west4"] : [:],
            chatPath: "\(path)/models/\(model):generateContent",
            streamPath: "\(path)/models/\(model):streamGenerateContent?alt=sse",
            captures: Captures(
                whole: isVertex ? "gemini/vertex-gen" : "gemini/gen-basic", stream: "gemini/\(folder)-stream",
                tools: "gemini/gen-tools", toolsStream: "gemini/gen-tools-stream", schema: "gemini/gen-json-schema"),
            model: model, text: "Hello from the stub Gemini.",
            usage: TokenUsage(input: 42, cacheRead: 32, output: 17, reasoning: 5),
            keyHeader: isVertex ? ("authorization", "Bearer \(key)") : ("x-goog-api-key", key),
            errorBody: { type, message in
                (["error": ["message": .string(message), "status": .string(type)]] as JSONValue).text()
            })
    }

    private static let bedrock = AdapterUnderTest(
        kind: .awsBedrock, settings: ["region": "us-east-1"],
        chatPath: "/model/us.anthropic.claude-opus-5-5-v1%3A0/converse",
        streamPath: "/model/us.anthropic.claude-opus-5-5-v1%3A0/converse-stream",
        captures: Captures(
            whole: "bedrock/converse-basic", stream: "bedrock/converse-stream", tools: "bedrock/converse-tools",
            toolsStream: "bedrock/converse-tools-stream", schema: nil),
        model: "us.anthropic.claude-opus-5-5-v1:0", text: "Hello from the stub Bedrock.",
        usage: TokenUsage(input: 74, cacheRead: 32, output: 17), keyHeader: ("authorization", "Bearer \(key)"),
        errorBody: { _, message in (["message": .string(message)] as JSONValue).text() })

    /// With its own recordings where there are some, else with those of OpenAI.
    private static let azure: AdapterUnderTest = {
        var adapter = openAI(.azureOpenAI, base: "", model: "my-deployment")
        adapter.settings = ["api_version": "2026-05-01-preview"]
        adapter.chatPath = "/openai/deployments/my-deployment/chat/completions?api-version=2026-05-01-preview"
        adapter.captures.whole = "openai/azure-chat"
        adapter.keyHeader = ("api-key", key)
        return adapter
    }()

    private static func openAI(
        _ kind: ProviderKind, base: String = "/v1", folder: String = "openai", tools: Captures.Tools = .openAI,
        model: String = "gpt-6-luna"
    ) -> AdapterUnderTest {
        AdapterUnderTest(
            kind: kind, basePath: base, chatPath: base + "/chat/completions", streamModel: "gpt-6-luna",
            captures: Captures(
                whole: "\(folder)/chat-basic", stream: "openai/chat-stream", tools: tools.whole,
                toolsStream: tools.stream, schema: "\(folder)/chat-json-schema"),
            model: model, text: "Hello from the stub model.",
            usage: TokenUsage(input: 42, cacheRead: 32, output: 17, reasoning: 5),
            keyHeader: ("authorization", "Bearer \(key)"),
            errorBody: { type, message in
                let error: JSONValue = [
                    "message": .string(message), "type": .string(type), "param": nil, "code": .string(type),
                ]
                return (["error": error] as JSONValue).text()
            })
    }
}

/// Runs `use` with an adapter that talks to a server which gives one answer to everything.
func withAdapter<Value>(
    _ adapter: AdapterUnderTest, _ reply: WireServer.Reply, observer: ProviderObserver = .none,
    _ use: (any ModelProvider, Endpoint, WireServer) async throws -> Value
) async throws -> Value {
    try await WireServer.running({ _ in reply }) { server in
        let transport = HTTPTransport()
        let value: Value
        do {
            value = try await use(
                try adapter.provider(transport, observer: observer), adapter.endpoint(server.url), server)
        } catch {
            await transport.shutdown()
            throw error
        }
        await transport.shutdown()
        return value
    }
}

/// All pieces of a stream.
func collected(_ stream: AsyncThrowingStream<StreamPiece, any Error>) async throws -> [StreamPiece] {
    var pieces: [StreamPiece] = []
    for try await piece in stream { pieces.append(piece) }
    return pieces
}

extension [StreamPiece] {
    var text: String { map { if case .text(let text) = $0 { text } else { "" } }.joined() }
    var reasoning: String { map { if case .reasoning(let text) = $0 { text } else { "" } }.joined() }

    /// The answer that ends the stream; nil unless it is the last piece.
    var answer: ModelResponse? { if case .end(let response)? = last { response } else { nil } }
}

extension WireServer {
    /// The body of the only request.
    var onlyBody: JSONValue {
        get throws {
            guard requests.count == 1 else { throw EdisonError(.conflict, "\(requests.count) requests arrived") }
            return requests[0].body.isEmpty ? .null : try JSONValue(parsing: requests[0].body)
        }
    }
}
