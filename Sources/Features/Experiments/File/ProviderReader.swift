import EdisonCore
import EdisonLLM

/// Reads one entry under `providers:`.
struct ProviderReader {
    let surroundings: FileEnvironment

    private static let keys = [
        "provider", "base_url", "api_key", "command", "url", "headers", "timeout", "supports_json_schema",
        "supports_stream_options", "max_tokens_field", "anthropic_version", "requests_per_minute", "tokens_per_minute",
        "concurrency",
    ]

    func endpoint(_ name: String, _ node: FileNode) -> Endpoint? {
        let map = FileMapping(node, known: Self.keys)
        guard let kindNode = map.require("provider", "its kind: \(ProviderCatalog.names)"), let word = kindNode.string()
        else { return nil }
        let kind = ProviderKind(word.lowercased().replacing("_", with: "-"))
        guard ProviderCatalog.kinds.contains(kind) else {
            kindNode.fault("unknown kind of provider \"\(word)\"; known: \(ProviderCatalog.names)")
            return nil
        }
        var settings = JSONObject()
        for key in Self.keys where !["provider", "base_url", "api_key", "url"].contains(key) {
            settings[key] = map[key]?.json()
        }
        return make(
            kind, credential: name, baseURL: (map["base_url"] ?? map["url"]).flatMap(surroundings.expanded),
            key: map["api_key"].flatMap(surroundings.expanded),
            settings: settings, place: node)
    }

    func endpoint(ofKind kind: ProviderKind, _ place: FileNode) -> Endpoint? {
        make(kind, credential: kind.name, baseURL: nil, key: nil, settings: [:], place: place)
    }

    private func make(
        _ kind: ProviderKind, credential: String, baseURL: String?, key: String?, settings: JSONObject, place: FileNode
    ) -> Endpoint? {
        do {
            return try ProviderCatalog.endpoint(
                kind: kind, credentialID: credential, baseURL: baseURL, apiKey: key.map(Secret.init),
                settings: settings, environment: surroundings.variables)
        } catch let error as EdisonError {
            place.fault([error.message, error.detail].compactMap(\.self).joined(separator: " "))
        } catch { place.fault("\(error)") }
        return nil
    }
}

extension FileEnvironment {
    /// The text of a value with `${NAME}` replaced; a name that is not set is a fault at its place.
    func expanded(_ node: FileNode) -> String? {
        guard let text = node.string() else { return nil }
        let (value, missing) = expand(text)
        for name in missing {
            node.fault("the environment variable \(name) is not set; set it, or put it into a .env beside the file")
        }
        return missing.isEmpty ? value : nil
    }
}
