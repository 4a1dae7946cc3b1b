import EdisonCore
import EdisonWeb

extension KnownModel {
    /// With the price that the program knows.
    static func shape(at moment: @escaping @Sendable () -> Timestamp) -> Shape<KnownModel> {
        Shape(
            "KnownModel",
            [
                .text("provider", \.provider), .text("model", \.name), .integer("context_tokens", \.contextTokens),
                .optionalInteger("max_output_tokens", \.maxOutputTokens),
                .texts("capabilities") { $0.capabilities.map(\.rawValue) }, .text("as_of", \.asOf),
                .text("source", \.source),
                .optionalPart("price", DatedPrice.shape) {
                    PriceLookup.price(of: $0.name, provider: $0.provider, at: moment(), own: [])
                },
            ])
    }
}
