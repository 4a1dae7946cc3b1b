internal import EdisonCore
internal import HTTPTypes
internal import Hummingbird

/// Which format and which part of it a path belongs to.
///
/// Paths are matched by their ends, so that every base URL that clients build works: `/v1/…`, Groq's `/openai/v1/…`,
/// Azure's `/openai/deployments/{name}/…`.
struct Route: Sendable {
    enum Kind: Sendable {
        case chat
        case embeddings
        case count(any WireFormat)
        case value(JSONValue)
    }

    let kind: Kind
    let format: any WireFormat

    init?(method: HTTPRequest.Method, path: String, headers: HTTPFields) {
        let path = path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
        if method == .post {
            if let gemini = Self.gemini(path) {
                self = gemini
                return
            }
            if BedrockFormat.model(in: path) != nil, path.hasSuffix("/converse") || path.hasSuffix("/converse-stream") {
                self = Route(.chat, BedrockFormat())
            } else if path.hasSuffix("/chat/completions") {
                self = Route(.chat, OpenAIChatFormat(host: Self.host(path, headers)))
            } else if path.hasSuffix("/responses") {
                self = Route(.chat, OpenAIResponsesFormat())
            } else if path.hasSuffix("/messages/count_tokens") {
                self = Route(.count(AnthropicFormat(isCounting: true)), AnthropicFormat())
            } else if path.hasSuffix("/messages") {
                self = Route(.chat, AnthropicFormat())
            } else if path.hasSuffix("/api/chat") {
                self = Route(.chat, OllamaFormat(isChat: true))
            } else if path.hasSuffix("/api/generate") {
                self = Route(.chat, OllamaFormat(isChat: false))
            } else if path.hasSuffix("/api/embed") || path.hasSuffix("/api/embeddings") {
                self = Route(.embeddings, OllamaFormat(isChat: true))
            } else if path.hasSuffix("/api/show") {
                self = Route(
                    .value(["details": ["family": "apprentice"], "capabilities": ["completion", "tools"]]),
                    OllamaFormat(isChat: true))
            } else if path.hasSuffix("/embeddings") {
                self = Route(.embeddings, OpenAIChatFormat())
            } else {
                return nil
            }
            return
        }
        guard method == .get || method == .head else { return nil }
        let isAnthropic = headers[.anthropicVersion] != nil
        let isGemini = headers[.googAPIKey] != nil || path.contains("/v1beta")
        if path.hasSuffix("/models"), isGemini {
            self = Route(.value(ModelList.gemini), GeminiFormat())
        } else if path.hasSuffix("/models") {
            self =
                isAnthropic
                ? Route(.value(ModelList.anthropic), AnthropicFormat())
                : Route(.value(ModelList.openAI), OpenAIChatFormat())
        } else if let range = path.firstRange(of: "/models/") {
            let name = String(path[range.upperBound...])
            self =
                isAnthropic
                ? Route(.value(ModelList.anthropic(name)), AnthropicFormat())
                : Route(.value(ModelList.openAI(name)), OpenAIChatFormat())
        } else if path.hasSuffix("/api/tags") {
            self = Route(.value(ModelList.ollama), OllamaFormat(isChat: true))
        } else if path.hasSuffix("/api/ps") {
            self = Route(.value(["models": []]), OllamaFormat(isChat: true))
        } else if path.hasSuffix("/api/version") {
            self = Route(.value(["version": "0.0.0-simulated"]), OllamaFormat(isChat: true))
        } else {
            return nil
        }
    }

    /// Azure has deployments in its paths, or a header of its own for the key; what is left under `/openai/v1` is Groq.
    private static func host(_ path: String, _ headers: HTTPFields) -> OpenAIHost {
        if path.contains("/deployments/") || headers[.apiKey] != nil { return .azure }
        return path.contains("/openai/v1/") ? .groq : .openAI
    }

    /// Gemini's paths end in a verb behind a colon.
    private static func gemini(_ path: String) -> Route? {
        guard let colon = path.lastIndex(of: ":"), GeminiFormat.model(in: path) != nil else { return nil }
        return switch path[path.index(after: colon)...] {
        case "generateContent", "streamGenerateContent": Route(.chat, GeminiFormat())
        case "countTokens": Route(.count(GeminiFormat()), GeminiFormat())
        case "embedContent", "batchEmbedContents": Route(.embeddings, GeminiFormat())
        default: nil
        }
    }

    private init(_ kind: Kind, _ format: any WireFormat) {
        self.kind = kind
        self.format = format
    }
}

extension HTTPField.Name {
    private static func named(_ text: String) -> HTTPField.Name { HTTPField.Name(text) ?? .server }

    static let edisonAttempt = named("Edison-Attempt")
    static let edisonPurpose = named("Edison-Purpose")
    static let xAPIKey = named("x-api-key")
    static let apiKey = named("api-key")
    static let googAPIKey = named("x-goog-api-key")
    static let anthropicVersion = named("anthropic-version")
    static let requestID = named("request-id")
    static let xRequestID = named("x-request-id")
    static let retryAfter = named("retry-after")
    static let shouldRetry = named("x-should-retry")
    static let simulated = named("x-simulated")
}
