package import EdisonCore
import EdisonLLM

/// What makes a credential one that can be called with.
package enum CredentialRules {
    package static var kinds: [String] { ProviderCatalog.servedKinds.map(\.name) }

    /// Reads `OPENAI_COMPATIBLE` like `openai-compatible`; nil for what a server cannot call.
    package static func kind(_ name: String) -> String? {
        let plain = name.lowercased().replacing("_", with: "-")
        return kinds.first { $0 == plain }
    }

    /// Why a name is no provider here, in words that follow the field's name.
    package static func kindFault(_ name: String) -> String {
        let known = kinds.joined(separator: ", ")
        switch name.lowercased().replacing("_", with: "-") {
        case "command", "http":
            return "runs what its owner wrote, and so stands in experiment files only; possible here: \(known)"
        default: return "must be one of \(known)"
        }
    }

    static func address(_ config: CredentialConfig, of provider: String) -> String? {
        config.baseURL ?? ProviderCatalog.usualAddress(of: ProviderKind(provider), settings: config.fields)
    }

    static func issues(_ config: CredentialConfig, provider: String, key: Secret?) -> [FieldIssue] {
        var issues = config.issues + keyIssues(config, provider: provider, key: key)
        if issues.isEmpty, address(config, of: provider) == nil {
            issues.append(FieldIssue(path: "config.base_url", message: "is missing: \(provider) has no usual address"))
        }
        if key == nil, ProviderCatalog.needsKey(ProviderKind(provider)) {
            issues.append(FieldIssue(path: "api_key", message: "is missing: \(provider) needs one"))
        }
        return issues
    }

    /// What the provider's kind asks of settings and key beside their own forms.
    static func keyIssues(_ config: CredentialConfig, provider: String, key: Secret?) -> [FieldIssue] {
        ProviderCatalog.faults(
            of: ProviderKind(provider), settings: config.fields, hasAddress: config.baseURL != nil, key: key
        ).map { FieldIssue(path: $0.field == "api_key" ? $0.field : "config.\($0.field)", message: $0.message) }
    }

    /// A key that came back to another address than the one it was given for would be a key given away: whoever may
    /// change a credential may not read it.
    static func moveIssues(from old: CredentialConfig, to new: CredentialConfig, provider: String) -> [FieldIssue] {
        guard address(old, of: provider) != address(new, of: provider) else { return [] }
        var issues = [
            FieldIssue(
                path: "api_key", message: "is missing: the stored secrets go to no other address, so give them anew")
        ]
        issues += new.headers.filter { $0.value == CredentialSecret.mask }.map {
            FieldIssue(path: "config.headers.\($0.name)", message: "is masked: give its value anew")
        }
        return issues
    }
}
