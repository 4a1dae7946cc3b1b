package import EdisonCore

/// What whoever stores credentials must know of a kind.
extension ProviderCatalog {
    /// The kinds that a server may call: programs and applications of one's own stand in experiment files alone.
    package static var servedKinds: [ProviderKind] { kinds.filter { !$0.takesCaseInput } }

    /// nil: there is none, whoever makes a credential must give one, or the settings that say it.
    package static func usualAddress(of kind: ProviderKind, settings: JSONObject) -> String? {
        entries.first { $0.kind == kind }.flatMap { $0.address?(settings) ?? $0.baseURL }
    }

    package static func needsKey(_ kind: ProviderKind) -> Bool { entries.first { $0.kind == kind }?.needsKey ?? false }

    /// What of settings and key could never work with this kind, each with a message that follows the field's name. The
    /// message shows nothing of the key.
    package static func faults(
        of kind: ProviderKind, settings: JSONObject, hasAddress: Bool, key: Secret?
    ) -> [(field: String, message: String)] {
        var faults: [(field: String, message: String)] = []
        func needs(_ name: String, _ example: String) {
            guard let text = settings[name]?.string else {
                faults.append((name, "is missing, such as \(example)"))
                return
            }
            if text.wholeMatch(of: /[A-Za-z0-9.:_-]{1,100}/) == nil { faults.append((name, "is no name of one")) }
        }
        let isObject = key?.revealed.first == "{"
        switch kind {
        case .googleVertex:
            let account: GoogleServiceAccount?
            do { account = try key.flatMap { try GoogleServiceAccount($0.revealed) } } catch {
                faults.append(("api_key", "is JSON, and not the key file of a service account"))
                account = nil
            }
            if settings["auth"] == "x-goog-api-key", settings["project"] == nil { break }
            needs("location", "europe-west4 or global")
            if account?.project == nil || settings["project"] != nil, key != nil { needs("project", "my-project-1") }
            if !hasAddress, faults.isEmpty, GoogleModelPath.address(settings) == nil {
                faults.append(("location", "is no name of one"))
            }
        case .awsBedrock:
            if key != nil, (try? key.map { try AWSCredentials($0.revealed) }) == nil {
                faults.append(("api_key", "is JSON without access_key_id and secret_access_key"))
            }
            if !hasAddress || isObject { needs("region", "eu-central-1") }
            if !hasAddress, faults.isEmpty, BedrockProvider.address(settings) == nil {
                faults.append(("region", "is no name of one"))
            }
        default:
            if isObject { faults.append(("api_key", "must be one line of plain characters, without spaces")) }
        }
        return faults
    }
}
