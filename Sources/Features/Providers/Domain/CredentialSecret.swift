import EdisonCore
import EdisonLLM

/// What of a credential is sealed: the key, and the headers, since a header may be a key by another name.
struct CredentialSecret: Hashable, Sendable {
    /// Stands for a header's value wherever a configuration is shown; given back, it means "as it is".
    static let mask = "•••"

    var apiKey: Secret?
    var headers: [String: Secret]

    init(apiKey: Secret? = nil, headers: [String: Secret] = [:]) {
        self.apiKey = apiKey
        self.headers = headers
    }

    var isEmpty: Bool { apiKey == nil && headers.isEmpty }

    /// The text that is sealed.
    var text: String {
        var object = JSONObject()
        object["api_key"] = apiKey.map { .string($0.revealed) }
        object["headers"] = .object(
            JSONObject(headers.sorted { $0.key < $1.key }.map { ($0.key, .string($0.value.revealed)) }))
        return JSONValue.object(object).text()
    }

    init(text: String) throws {
        guard let json = try? JSONValue(parsing: text) else {
            throw EdisonError(.internal, "A sealed secret does not hold what was put into it.")
        }
        apiKey = json["api_key"]?.string.map { Secret($0) }
        headers = Dictionary(
            (json["headers"]?.object ?? [:]).compactMap { name, value in value.string.map { (name, Secret($0)) } },
            uniquingKeysWith: { $1 })
    }

    /// The headers that a configuration asks for; a masked one is what it was.
    func headers(of config: CredentialConfig) -> [String: Secret] {
        var result: [String: Secret] = [:]
        for (name, value) in config.headers {
            result[name] = value == Self.mask ? headers[name] : Secret(value)
        }
        return result
    }

    /// The last four characters; nothing of a key so short that they would help to guess it, nor of one that is JSON,
    /// which ends in brackets.
    static func hint(of key: String) -> String? { key.count < 12 || key.first == "{" ? nil : "…\(key.suffix(4))" }
}
