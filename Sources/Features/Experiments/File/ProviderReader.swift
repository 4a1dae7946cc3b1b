import EdisonCore
import EdisonLLM
import Foundation

/// Reads one entry under `providers:`.
struct ProviderReader {
    let surroundings: FileEnvironment

    private static let keys = [
        "provider", "base_url", "api_key", "command", "url", "headers", "timeout", "supports_json_schema",
        "supports_stream_options", "max_tokens_field", "anthropic_version", "requests_per_minute", "tokens_per_minute",
        "query",
        "api_version", "deployment", "project", "location", "region", "auth", "prompt_caching", "supports_json_object",
        "supports_base64_embeddings", "system_role",
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
            settings[key] = map[key].map(surroundings.expandedJSON)
        }
        check(map)
        if surroundings.callsElsewhere {
            return Endpoint(kind: kind, credentialID: name, baseURL: "", apiKey: nil, settings: settings)
        }
        // A program is started where the file stands, so that its own files are found from there.
        settings["folder"] = .string(surroundings.folder.standardizedFileURL.path)
        let address = map["base_url"] ?? map["url"]
        let baseURL = address.flatMap(surroundings.expanded)
        if let address {
            guard let baseURL else { return nil }
            checkAddress(baseURL, address)
        }
        return make(
            kind, credential: name, baseURL: baseURL,
            key: map["api_key"].flatMap(surroundings.expanded),
            settings: settings, place: node)
    }

    private func checkAddress(_ text: String, _ place: FileNode) {
        let parts = URLComponents(string: text)
        let isWeb = ["http", "https"].contains(parts?.scheme?.lowercased() ?? "") && parts?.host?.isEmpty == false
        if !isWeb || !(1...65_535).contains(parts?.port ?? 80) {
            place.fault("\"\(text)\" is no address; it starts with http:// or https:// and names a host")
        }
    }

    /// What would fail, or wait for ever, at every call is a fault of the file.
    private func check(_ map: FileMapping) {
        _ = map.double("timeout", in: 0.001...86_400)
        _ = map.int("requests_per_minute", in: 1...1_000_000_000)
        _ = map.int("tokens_per_minute", in: 1...1_000_000_000_000)
        for (name, value) in map["headers"]?.members() ?? [] {
            let isName =
                !name.isEmpty
                && name.utf8.allSatisfy { $0 > 32 && $0 < 127 && !#"()<>@,;:\"/[]?={}"#.utf8.contains($0) }
            let text = value.string() ?? ""
            if !isName || text.unicodeScalars.contains(where: { $0.value < 32 && $0 != "\t" || $0.value == 127 }) {
                value.keyFault("\"\(name)\" is no header: a name has no spaces, and a value no line breaks")
            }
        }
        if let command = map["command"] {
            let words = command.isSequence ? command.elements().compactMap { $0.string() } : [command.string() ?? ""]
            if words.first?.isEmpty ?? true { command.fault("names no program to start") }
        }
    }

    func endpoint(ofKind kind: ProviderKind, _ place: FileNode) -> Endpoint? {
        make(kind, credential: kind.name, baseURL: nil, key: nil, settings: [:], place: place)
    }

    private func make(
        _ kind: ProviderKind, credential: String, baseURL: String?, key: String?, settings: JSONObject, place: FileNode
    ) -> Endpoint? {
        if surroundings.callsElsewhere {
            return Endpoint(kind: kind, credentialID: credential, baseURL: "", apiKey: nil, settings: settings)
        }
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
    /// A value with `${NAME}` replaced in all its texts.
    func expandedJSON(_ node: FileNode) -> JSONValue {
        var faulty: Set<String> = []
        func expanded(_ value: JSONValue) -> JSONValue {
            switch value {
            case .string(let text):
                let (result, missing) = expand(text)
                faulty.formUnion(missing)
                return .string(result)
            case .array(let elements): return .array(elements.map(expanded))
            case .object(let object): return .object(JSONObject(object.members.map { ($0.key, expanded($0.value)) }))
            default: return value
            }
        }
        let result = expanded(node.json())
        for name in faulty.sorted() { node.fault(Self.unset(name)) }
        return result
    }

    private static func unset(_ name: String) -> String {
        "the environment variable \(name) is not set; set it, or put it into a .env beside the file"
    }

    /// The text of a value with `${NAME}` replaced; a name that is not set is a fault at its place.
    func expanded(_ node: FileNode) -> String? {
        guard let text = node.string() else { return nil }
        let (value, missing) = expand(text)
        for name in missing {
            node.fault(Self.unset(name))
        }
        return missing.isEmpty ? value : nil
    }
}
