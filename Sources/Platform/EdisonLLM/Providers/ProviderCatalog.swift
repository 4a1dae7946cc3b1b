package import EdisonCore

/// The kinds of providers: where each is reached by default and which variables name its key and address.
package enum ProviderCatalog {
    package struct Entry: Sendable {
        let kind: ProviderKind
        let baseURL: String?
        let keyVariable: String?
        let urlVariable: String?
        let needsKey: Bool
    }

    static let entries: [Entry] = [
        Entry(
            kind: .openAI, baseURL: "https://api.openai.com/v1", keyVariable: "OPENAI_API_KEY",
            urlVariable: "OPENAI_BASE_URL", needsKey: true),
        Entry(
            kind: .openAICompatible, baseURL: nil, keyVariable: "EDISON_LLM_KEY", urlVariable: "EDISON_LLM_URL",
            needsKey: false),
        Entry(
            kind: .anthropic, baseURL: "https://api.anthropic.com", keyVariable: "ANTHROPIC_API_KEY",
            urlVariable: "ANTHROPIC_BASE_URL", needsKey: true),
        Entry(
            kind: .ollama, baseURL: "http://127.0.0.1:11434", keyVariable: "OLLAMA_API_KEY",
            urlVariable: "OLLAMA_HOST", needsKey: false),
        Entry(kind: .command, baseURL: "", keyVariable: nil, urlVariable: nil, needsKey: false),
        Entry(kind: .http, baseURL: nil, keyVariable: nil, urlVariable: nil, needsKey: false),
    ]

    package static var kinds: [ProviderKind] { entries.map(\.kind) }
    package static var names: String { kinds.map(\.name).joined(separator: ", ") }

    /// Every kind's way of being called, over one transport.
    package static func providers(_ transport: HTTPTransport) -> [any ModelProvider] {
        [
            OpenAIProvider(kind: .openAI, transport: transport),
            OpenAIProvider(kind: .openAICompatible, transport: transport),
            AnthropicProvider(transport: transport), OllamaProvider(transport: transport), CommandProvider(),
            ApplicationProvider(transport: transport),
        ]
    }

    /// An endpoint from what the person gave; what is missing comes from the kind's usual variables.
    package static func endpoint(
        kind: ProviderKind, credentialID: String, baseURL: String?, apiKey: Secret?, settings: JSONObject,
        environment: [String: String]
    ) throws -> Endpoint {
        guard let entry = entries.first(where: { $0.kind == kind }) else {
            throw EdisonError(.invalid, "Unknown kind of provider \"\(kind)\".", detail: "Known: \(names)")
        }
        let url = baseURL ?? entry.urlVariable.flatMap { environment[$0] } ?? entry.baseURL
        guard var url else {
            throw EdisonError(
                .invalid, "The provider \"\(credentialID)\" needs base_url.",
                detail: entry.urlVariable.map { "Write base_url:, or set \($0)." } ?? "Write url: with the address.")
        }
        if kind == .ollama, !url.contains("://") { url = "http://\(url)" }
        while url.hasSuffix("/") { url.removeLast() }
        if kind != .command, !url.hasPrefix("http://"), !url.hasPrefix("https://") {
            throw EdisonError(.invalid, "\"\(url)\" is not an address.", detail: "It must start with http:// or https://.")
        }
        if kind == .command, settings["command"] == nil {
            throw EdisonError(.invalid, "A command provider needs command:, the program and its arguments.")
        }
        let key = apiKey ?? entry.keyVariable.flatMap { environment[$0] }.flatMap { $0.isEmpty ? nil : Secret($0) }
        if entry.needsKey, key == nil, let variable = entry.keyVariable {
            throw EdisonError(
                .invalid, "The provider \"\(credentialID)\" has no key.",
                detail: "Set \(variable), or write api_key: \"${NAME}\" with a variable of yours.")
        }
        return Endpoint(kind: kind, credentialID: credentialID, baseURL: url, apiKey: key, settings: settings)
    }
}

extension ProviderKind {
    package static let openAI = ProviderKind("openai")
    package static let openAICompatible = ProviderKind("openai-compatible")
    package static let anthropic = ProviderKind("anthropic")
    package static let ollama = ProviderKind("ollama")
    /// A program of one's own, run once a case.
    package static let command = ProviderKind("command")
    /// An application of one's own, asked over HTTP.
    package static let http = ProviderKind("http")

    /// Runs on one's own machine: no price unless the file gives one.
    package var isFree: Bool { [.ollama, .command, .http].contains(self) }
    /// Is handed the case's input as data, beside the rendered prompt.
    package var takesCaseInput: Bool { [.command, .http].contains(self) }
    package var needsModelName: Bool { !takesCaseInput }
}
