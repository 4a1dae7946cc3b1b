package import EdisonCore

/// The kinds of providers: how each is made, where it is reached by default, and which variables name its key and
/// address. A new provider is one adapter and one entry here.
package enum ProviderCatalog {
    struct Entry: Sendable {
        let kind: ProviderKind
        /// nil: the person must give one, or settings that say it.
        var baseURL: String?
        var address: (@Sendable (JSONObject) -> String?)?
        var keyVariable: String?
        var urlVariable: String?
        var needsKey = false
        /// Which variable says a setting that is left out.
        var settingVariables: [String: String] = [:]
        /// The key in other variables, where the usual one is not set.
        var otherKey: (@Sendable ([String: String]) throws -> Secret?)?
        var otherKeyVariables: [String] = []
        let make: @Sendable (HTTPTransport, ProviderObserver) -> any ModelProvider
    }

    static let entries: [Entry] = [
        Entry(
            kind: .openAI, baseURL: "https://api.openai.com/v1", keyVariable: "OPENAI_API_KEY",
            urlVariable: "OPENAI_BASE_URL", needsKey: true,
            make: { OpenAIProvider(kind: .openAI, transport: $0, observer: $1) }),
        Entry(
            kind: .groq, baseURL: "https://api.groq.com/openai/v1", keyVariable: "GROQ_API_KEY",
            urlVariable: "GROQ_BASE_URL", needsKey: true,
            make: { OpenAIProvider(kind: .groq, transport: $0, observer: $1) }),
        Entry(
            kind: .azureOpenAI, keyVariable: "AZURE_OPENAI_API_KEY", urlVariable: "AZURE_OPENAI_ENDPOINT",
            needsKey: true, make: { AzureOpenAIProvider(transport: $0, observer: $1) }),
        Entry(
            kind: .openAICompatible, keyVariable: "EDISON_LLM_KEY", urlVariable: "EDISON_LLM_URL",
            make: { OpenAIProvider(kind: .openAICompatible, transport: $0, observer: $1) }),
        Entry(
            kind: .gemini, baseURL: "https://generativelanguage.googleapis.com", keyVariable: "GEMINI_API_KEY",
            urlVariable: "GEMINI_BASE_URL", needsKey: true,
            make: { GeminiProvider(kind: .gemini, transport: $0, observer: $1) }),
        Entry(
            kind: .googleVertex, address: { GoogleModelPath.address($0) }, keyVariable: "GOOGLE_VERTEX_KEY",
            urlVariable: "GOOGLE_VERTEX_BASE_URL", needsKey: true,
            settingVariables: ["project": "GOOGLE_CLOUD_PROJECT", "location": "GOOGLE_CLOUD_LOCATION"],
            otherKey: { try KeyVariables.googleFile($0) }, otherKeyVariables: ["GOOGLE_APPLICATION_CREDENTIALS"],
            make: { GeminiProvider(kind: .googleVertex, transport: $0, observer: $1) }),
        Entry(
            kind: .awsBedrock, address: { BedrockProvider.address($0) }, keyVariable: "AWS_BEARER_TOKEN_BEDROCK",
            urlVariable: "AWS_ENDPOINT_URL_BEDROCK_RUNTIME", needsKey: true,
            settingVariables: ["region": "AWS_REGION"], otherKey: { KeyVariables.amazonPair($0) },
            otherKeyVariables: ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"],
            make: { BedrockProvider(transport: $0, observer: $1) }),
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
        return
            ([entry.keyVariable] + entry.otherKeyVariables + entry.settingVariables.values.sorted()
            + [entry.urlVariable]).compactMap(\.self).joined(separator: ", ")
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
        var settings = settings
        for (setting, name) in entry.settingVariables where settings[setting] == nil {
            settings[setting] = variable(name).map { .string($0) }
        }
        let given = baseURL ?? variable(entry.urlVariable)
        let key = try apiKey ?? variable(entry.keyVariable).map { Secret($0) } ?? entry.otherKey?(environment)
        for fault in faults(of: kind, settings: settings, hasAddress: given != nil, key: key) {
            let name = entry.settingVariables[fault.field].map { " It may stand in the variable \($0)." } ?? ""
            throw EdisonError(
                .invalid, "The provider \"\(credentialID)\": \(fault.field) \(fault.message).",
                detail: "See the settings of \(kind) in the reference of the experiment file.\(name)")
        }
        guard let url = given ?? entry.address?(settings) ?? entry.baseURL else {
            throw EdisonError(
                .invalid, "The provider \"\(credentialID)\" needs base_url.",
                detail: entry.urlVariable.map { "Write base_url:, or set \($0)." } ?? "Write url: with the address.")
        }
        if kind == .command, settings["command"] == nil {
            throw EdisonError(.invalid, "A command provider needs command:, the program and its arguments.")
        }
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
