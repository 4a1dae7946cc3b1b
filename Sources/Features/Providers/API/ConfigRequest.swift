import EdisonCore
import EdisonWeb

/// Where a provider is reached, and what is special there; the names are those of the experiment file.
struct ConfigRequest: RequestBody {
    let config: CredentialConfig

    init() { config = CredentialConfig() }

    init(_ fields: Fields) {
        var given = JSONObject()
        func text(_ name: String, _ most: Int, _ about: String = "") {
            given[name] = fields.optional(name, .text(1...most), about).map { .string($0) }
        }
        func bool(_ name: String) { given[name] = fields.optional(name, .bool).map { .bool($0) } }
        text("base_url", 2_000, "The address; needed where a provider has no usual one.")
        text(
            "api_version", 100,
            "Of azure-openai and compatible servers the api-version in every address; of Google's the one in the path.")
        given["headers"] = fields.optional(
            "headers", .object, "Further headers by name. Their values are kept sealed like the key, and shown as •••."
        ).map { .object($0) }
        given["query"] = fields.optional("query", .object, "What every address ends with, by name.")
            .map { .object($0) }
        given["timeout"] = fields.optional("timeout", .number(0.1...3_600), "Seconds for a whole answer.")
            .map { .number($0) }
        given["requests_per_minute"] = fields.optional("requests_per_minute", .integer(1...1_000_000_000))
            .map { .integer(Int64($0)) }
        given["tokens_per_minute"] = fields.optional("tokens_per_minute", .integer(1...1_000_000_000_000))
            .map { .integer(Int64($0)) }
        text("max_tokens_field", 100)
        text("system_role", 100)
        text("anthropic_version", 100)
        text("deployment", 200, "azure-openai: the deployment to call, where the model is named otherwise.")
        text("project", 100, "google-vertex: the project of Google Cloud; else that of the service account.")
        text("location", 50, "google-vertex: where the model runs, such as europe-west4 or global.")
        text("region", 50, "aws-bedrock: the region, such as eu-central-1.")
        given["auth"] = fields.optional("auth", .word as FieldType<AuthHeader>).map { .string($0.rawValue) }
        for name in [
            "supports_json_schema", "supports_json_object", "supports_stream_options", "supports_base64_embeddings",
            "prompt_caching",
        ] { bool(name) }
        config = CredentialConfig(given)
    }
}

/// The header that a key goes in, where a provider takes it in several.
private enum AuthHeader: String, CaseIterable, Sendable {
    case key = "x-api-key", bearer, azureKey = "api-key"
    case googleKey = "x-goog-api-key"
}
