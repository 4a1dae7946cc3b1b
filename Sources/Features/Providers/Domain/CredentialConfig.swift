package import EdisonCore

/// Where a provider is reached and what is special there, as whoever made the credential gave it.
package struct CredentialConfig: Hashable, Sendable {
    /// The fields as they were given; of headers the values are secret and stand here only on their way in.
    private(set) var fields: JSONObject

    package init(_ fields: JSONObject = [:]) { self.fields = fields }

    var baseURL: String? {
        guard var url = fields["base_url"]?.string else { return nil }
        while url.hasSuffix("/") { url.removeLast() }
        return url
    }

    var headers: [(name: String, value: String)] {
        (fields["headers"]?.object ?? [:]).map { ($0.key, $0.value.string ?? "") }
    }

    /// The form that is stored and shown: every header's value is masked.
    var masked: CredentialConfig {
        var copy = self
        if let headers = fields["headers"]?.object {
            copy.fields["headers"] = .object(
                JSONObject(headers.map { ($0.key, .string(CredentialSecret.mask)) }))
        }
        return copy
    }

    package var json: JSONValue { .object(masked.fields) }

    /// The settings of calls, with the headers' values as they are sent.
    func settings(headers: [String: String]) -> JSONObject {
        var settings = fields
        settings["base_url"] = nil
        settings["headers"] =
            headers.isEmpty
            ? nil : .object(JSONObject(headers.sorted { $0.key < $1.key }.map { ($0.key, .string($0.value)) }))
        return settings
    }

    /// What could never work, or would show a secret; the fields' own ranges are checked where they are read.
    var issues: [FieldIssue] {
        var issues: [FieldIssue] = []
        if let url = fields["base_url"]?.string, let fault = ProviderAddress.fault(of: url) {
            issues.append(FieldIssue(path: "config.base_url", message: fault))
        }
        for (name, value) in fields["headers"]?.object ?? [:] {
            guard let fault = Self.headerFault(name, value) else { continue }
            issues.append(FieldIssue(path: "config.headers.\(name)", message: fault))
        }
        for (name, value) in fields["query"]?.object ?? [:] {
            if value.string == nil {
                issues.append(FieldIssue(path: "config.query.\(name)", message: "must be text"))
            } else if Self.secretWords.contains(where: name.lowercased().contains) {
                issues.append(
                    FieldIssue(
                        path: "config.query.\(name)",
                        message: "may be a secret, and addresses are logged by others: give it as api_key or a header"))
            }
        }
        return issues
    }

    private static let secretWords = ["key", "token", "secret", "auth", "password", "signature"]

    private static func headerFault(_ name: String, _ value: JSONValue) -> String? {
        let isName =
            !name.isEmpty && name.utf8.allSatisfy { $0 > 32 && $0 < 127 && !#"()<>@,;:\"/[]?={}"#.utf8.contains($0) }
        guard isName else { return "is no name of a header" }
        if ["host", "content-length", "transfer-encoding", "connection"].contains(name.lowercased()) {
            return "is set by the server itself"
        }
        guard let text = value.string, text.count <= 8_192 else { return "must be text" }
        let isValue = text.unicodeScalars.allSatisfy { $0.value >= 32 && $0.value != 127 || $0 == "\t" }
        return isValue ? nil : "must not hold line breaks or control characters"
    }
}
