import EdisonCore
import EdisonLLM
import EdisonWeb

struct ValidationRequest: RequestBody {
    static let example: JSONObject? = ["model": "$MODEL"]

    let model: String?
    let parameters: ModelParameters

    init(_ fields: Fields) {
        model = fields.optional(
            "model", .name(), "Makes a call of a few tokens too; without it the list of models is asked for.")
        parameters = ModelParameters(fields: fields.value("parameters", .parameters, or: [:]))
    }
}

struct RotationRequest: RequestBody {
    static let example: JSONObject? = ["api_key": "$NEW_PROVIDER_KEY"]

    let apiKey: String?
    let model: String?

    init(_ fields: Fields) {
        apiKey = fields.optional("api_key", .apiKey, "The new key; absent: the one that is staged.")
        model = fields.optional("model", .name(), "Proves the new key by a call too.")
    }
}

/// A configuration that is stored nowhere, to be tried.
struct TrialRequest: RequestBody {
    static let example: JSONObject? = ["api_key": "$PROVIDER_KEY", "config": ["base_url": "$PROVIDER_URL"]]

    let apiKey: String?
    let config: CredentialConfig
    let model: String?
    let parameters: ModelParameters

    init(_ fields: Fields) {
        apiKey = fields.optional("api_key", .apiKey)
        config = fields.value("config", .body(ConfigRequest.self), or: ConfigRequest()).config
        model = fields.optional("model", .name(), "Makes a call of a few tokens too.")
        parameters = ModelParameters(fields: fields.value("parameters", .parameters, or: [:]))
    }
}
