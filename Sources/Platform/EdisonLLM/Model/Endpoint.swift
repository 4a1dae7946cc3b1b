package import EdisonCore

/// Which wire format a provider speaks; an open list, since a provider is one file and one line in the catalog.
package struct ProviderKind: Hashable, Sendable, CustomStringConvertible {
    /// The name in experiment files and in the API: `openai`, `anthropic`, `ollama`, `openai-compatible`, …
    package let name: String

    package init(_ name: String) { self.name = name }

    package var description: String { name }
}

/// Where and how a provider is reached: the credential of calls.
package struct Endpoint: Hashable, Sendable {
    package var kind: ProviderKind
    /// Identifies the credential in limits, breaker, cache keys and logs; never the key itself.
    package var credentialID: String
    package var baseURL: String
    /// Read at each start, held in memory only, never stored or logged.
    package var apiKey: Secret?
    /// Further settings of the kind: `api_version`, `headers`, capability switches.
    package var settings: JSONObject

    package init(
        kind: ProviderKind, credentialID: String, baseURL: String, apiKey: Secret? = nil, settings: JSONObject = [:]
    ) {
        self.kind = kind
        self.credentialID = credentialID
        self.baseURL = baseURL
        self.apiKey = apiKey
        self.settings = settings
    }
}

/// A secret text that prints as dots, so that no log or error can show it by accident.
package struct Secret: Hashable, Sendable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    private let text: String

    package init(_ text: String) { self.text = text }

    /// The secret itself, for the one place that sends it.
    package var revealed: String { text }

    package var description: String { "•••" }
    package var debugDescription: String { "•••" }
    package var customMirror: Mirror { Mirror(self, children: [:]) }
}
