import EdisonCore
import EdisonLLM
import EdisonTestKit

/// One adapter with recorded answers of its wire format, for the suite that all of them pass.
struct AdapterUnderTest: Sendable, CustomStringConvertible {
    let kind: ProviderKind
    var settings: JSONObject = [:]
    /// What follows the server's address in the base URL.
    var basePath = ""
    let chatPath: String
    let captures: Captures
    let model: String
    let text: String
    let usage: TokenUsage
    /// The header that carries the key, and what stands in it.
    let keyHeader: (name: String, value: String)
    /// The error answer of the format.
    let errorBody: @Sendable (_ type: String, _ message: String) -> String

    /// The ids of recorded exchanges.
    struct Captures: Sendable {
        let whole: String
        let stream: String
        let tools: String
        let toolsStream: String
        let schema: String
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

    private static func openAI(_ kind: ProviderKind) -> AdapterUnderTest {
        AdapterUnderTest(
            kind: kind, basePath: "/v1", chatPath: "/v1/chat/completions",
            captures: Captures(
                whole: "openai/chat-basic", stream: "openai/chat-stream", tools: "openai/chat-tools",
                toolsStream: "openai/chat-tools-stream", schema: "openai/chat-json-schema"),
            model: "gpt-6-luna", text: "Hello from the stub model.",
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
