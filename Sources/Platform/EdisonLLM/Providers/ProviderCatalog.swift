package import EdisonCore

/// The kinds of providers: how each is made, where it is reached by default, and which variables name its key and
/// address. A new provider is one adapter and one entry here.
package enum ProviderCatalog {
    struct Entry: Sendable {
        let kind: ProviderKind
        /// nil: the person must give one.
        var baseURL: String?
        var keyVariable: String?
        var urlVariable: String?
        var needsKey = false
        let make: @Sendable (HTTPTransport, ProviderObserver) -> any ModelProvider
    }

    static let entries: [Entry] = [
        Entry(
            kind: .openAI, baseURL: "https://api.openai.com/v1", keyVariable: "OPENAI_API_KEY",
            urlVariable: "OPENAI_BASE_URL", needsKey: true,
            make: { OpenAIProvider(kind: .openAI, transport: $0, observer: $1) }),
        Entry(
            kind: .openAICompatible, keyVariable: "EDISON_LLM_KEY", urlVariable: "EDISON_LLM_URL",
            make: { OpenAIProvider(kind: .openAICompatible, transport: $0, observer: $1) }),
        Entry(
            kind: .anthropic, baseURL: "https://api.anthropic.com", keyVariable: "ANTHROPIC_API_KEY",
            urlVariable: "ANTHROPIC_BASE_URL", needsKey: true,
            make: { AnthropicProvider(transport: $0, observer: $1) }),
        Entry(
            kind: .ollama, baseURL: "http://127.0.0.1:11434", keyVariable: "OLLAMA_API_KEY",
            urlVariable: "OLLAMA_HOST", make: { OllamaProvider(transport: $0, observer: $1) }),
        Entry(kind: .command, baseURL: "", make: { _, _ in CommandProvider() }),
        Entry(kind: .http, make: { ApplicationProvider(transport: $0, observer: $1) }),
    ]

    package static var kinds: [ProviderKind] { entries.map(\.kind) }
    package static var names: String { kinds.map(\.name).joined(separator: ", ") }

    /// The variables that configure a kind, for messages.
    package static func variables(of kind: ProviderKind) -> String {
        guard let entry = entries.first(where: { $0.kind == kind }) else { return "" }
        return [entry.keyVariable, entry.urlVariable].compactMap(\.self).joined(separator: ", ")
    }

    /// Every kind's way of being called, over one transport.
    package static func providers(
        _ transport: HTTPTransport, observer: ProviderObserver = .none
    ) -> [any ModelProvider] {
        entries.map { $0.make(transport, observer) }
    }

    /// An endpoint from what the person gave; what is missing comes from the kind's usual variables, else from its
    /// usual address. Throws `invalid`, in words about the experiment file.
    package static func endpoint(
        kind: ProviderKind, credentialID: String, baseURL: String? = nil, apiKey: Secret? = nil,
        settings: JSONObject = [:], environment: [String: String]
    ) throws -> Endpoint {
        guard let entry = entries.first(where: { $0.kind == kind }) else {
            throw EdisonError(.invalid, "Unknown kind of provider \"\(kind)\".", detail: "Known: \(names)")
        }
        func variable(_ name: String?) -> String? {
            name.flatMap { environment[$0] }.flatMap { $0.isEmpty ? nil : $0 }
        }
        guard let url = baseURL ?? variable(entry.urlVariable) ?? entry.baseURL else {
            throw EdisonError(
                .invalid, "The provider \"\(credentialID)\" needs base_url.",
                detail: entry.urlVariable.map { "Write base_url:, or set \($0)." } ?? "Write url: with the address.")
        }
        if kind == .command, settings["command"] == nil {
            throw EdisonError(.invalid, "A command provider needs command:, the program and its arguments.")
        }
        let key = apiKey ?? variable(entry.keyVariable).map { Secret($0) }
        if entry.needsKey, key == nil, let name = entry.keyVariable {
            throw EdisonError(
                .invalid, "The provider \"\(credentialID)\" has no key.",
                detail: "Set \(name), or write api_key: \"${NAME}\" with a variable of yours.")
        }
        return Endpoint(
            kind: kind, credentialID: credentialID, baseURL: kind == .command ? "" : try address(url, of: kind),
            apiKey: key, settings: settings)
    }

    private static func address(_ text: String, of kind: ProviderKind) throws -> String {
        var url = kind == .ollama && !text.contains("://") ? hostAddress(text) : text
        while url.hasSuffix("/") { url.removeLast() }
        guard url.hasPrefix("http://") || url.hasPrefix("https://") else {
            throw EdisonError(
                .invalid, "\"\(url)\" is not an address.", detail: "It must start with http:// or https://.")
        }
        return url
    }

    /// `OLLAMA_HOST` tells the server where to listen: a host, a port or both, and 0.0.0.0 for everywhere.
    private static func hostAddress(_ text: String) -> String {
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        let host = parts[0].isEmpty || parts[0] == "0.0.0.0" ? "127.0.0.1" : String(parts[0])
        return "http://\(host):\(parts.count > 1 ? String(parts[1]) : "11434")"
    }
}
