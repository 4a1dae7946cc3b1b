import EdisonCore
import EdisonWeb

extension AvailableModel {
    static let shape = Shape<AvailableModel>(
        "AvailableModel",
        [
            .text("provider", \.provider), .text("model", \.name),
            .texts("credential_ids") { $0.credentials.map(\.text) }, .bool("is_listed", \.isListed),
            .optionalInteger("context_tokens", \.contextTokens),
            .optionalInteger("max_output_tokens") { $0.known?.maxOutputTokens },
            .texts("capabilities") { ($0.known?.capabilities ?? []).map(\.rawValue) },
            .bool("is_known") { $0.known != nil }, .optionalPart("price", DatedPrice.shape, \.price),
        ])
}

extension ProjectModels {
    static let shape = Shape<ProjectModels>(
        "ProjectModels",
        [
            .parts("items", AvailableModel.shape, \.models),
            .parts(
                "unasked",
                Shape(
                    "UnaskedCredential",
                    [
                        .id("credential_id", \Unasked.credential), .text("label", \.label),
                        .text("provider", \.provider),
                        .text("reason", \.reason),
                    ]), \.unasked),
        ])
}
