package import EdisonCore

/// A new credential, as it is asked for.
package struct NewCredential: Sendable {
    package let provider: String
    package let label: String
    package let apiKey: String?
    package let config: CredentialConfig
    package let isActive: Bool
    package let rotationDays: Int?

    package init(
        provider: String, label: String, apiKey: String?, config: CredentialConfig, isActive: Bool = true,
        rotationDays: Int? = nil
    ) {
        self.provider = provider
        self.label = label
        self.apiKey = apiKey
        self.config = config
        self.isActive = isActive
        self.rotationDays = rotationDays
    }
}

/// What is to become of a credential; what is nil stays.
package struct CredentialChange: Sendable {
    package enum Key: Sendable {
        case same, removed
        case set(String)
    }

    package enum Rotation: Sendable {
        case same
        case days(Int?)
    }

    package let label: String?
    package let key: Key
    package let config: CredentialConfig?
    package let isActive: Bool?
    package let rotation: Rotation

    package init(
        label: String? = nil, key: Key = .same, config: CredentialConfig? = nil, isActive: Bool? = nil,
        rotation: Rotation = .same
    ) {
        self.label = label
        self.key = key
        self.config = config
        self.isActive = isActive
        self.rotation = rotation
    }

    /// What is written down of it: names alone where a value could be secret.
    var summary: JSONValue {
        var object = JSONObject()
        object["label"] = label.map { .string($0) }
        object["is_active"] = isActive.map { .bool($0) }
        object["config"] = config?.json
        switch key {
        case .same: break
        case .removed: object["api_key"] = "removed"
        case .set: object["api_key"] = "replaced"
        }
        if case .days(let days) = rotation { object["rotation_days"] = JSONValue(days) }
        return .object(object)
    }
}
