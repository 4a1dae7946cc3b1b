import EdisonCore
import EdisonWeb

struct NewCredentialRequest: RequestBody {
    static let example: JSONObject? = ["provider": "openai", "label": "main", "api_key": "$PROVIDER_KEY"]

    let wish: NewCredential

    init(_ fields: Fields) {
        wish = NewCredential(
            provider: fields.required("provider", .provider), label: fields.required("label", .name()),
            apiKey: fields.optional("api_key", .apiKey, "Kept sealed, and never answered again."),
            config: fields.value("config", .body(ConfigRequest.self), or: ConfigRequest()).config,
            isActive: fields.value("is_active", .bool, or: true),
            rotationDays: fields.optional(
                "rotation_days", .integer(1...3_650), "After how many days the key is due to be replaced."))
    }
}

struct CredentialChangeRequest: RequestBody {
    static let example: JSONObject? = ["rotation_days": 90]

    let change: CredentialChange

    init(_ fields: Fields) {
        let label = fields.optional("label", .name())
        let key = fields.optional("api_key", .apiKey, "Replaces the key at once; null takes it away.")
        let config = fields.optional("config", .body(ConfigRequest.self), "Replaces the whole configuration.")
        let isActive = fields.optional("is_active", .bool)
        let days = fields.optional("rotation_days", .integer(1...3_650), "null: never due.")
        change = CredentialChange(
            label: label, key: key.map { .set($0) } ?? (fields.has("api_key") ? .removed : .same),
            config: config?.config, isActive: isActive,
            rotation: fields.has("rotation_days") ? .days(days) : .same)
    }
}
