import EdisonCore
import EdisonWeb

extension TokenRates {
    /// USD for a million tokens.
    static var properties: [Property<TokenRates>] {
        @Sendable func money(_ rate: Money.PerMillionTokens) -> Money { Money(nanodollars: rate.nanodollars) }
        return [
            .money("input") { money($0.input) }, .money("output") { money($0.output) },
            .money("cached_input") { $0.cachedInput.map(money) }, .money("cache_write") { $0.cacheWrite.map(money) },
            .money("reasoning") { $0.reasoning.map(money) },
        ]
    }
}

extension DatedPrice {
    static let shape = Shape<DatedPrice>(
        "DatedPrice",
        Shape("TokenRates", TokenRates.properties).of(\.rates) + [
            .optionalTime("since", \.since), .text("source", \.source), .bool("is_own", \.isOwn),
        ])
}

extension ModelPrice {
    static let shape = Shape<ModelPrice>(
        "ModelPrice",
        [
            .id("id", \.id), .id("organization_id", \.organization), .text("provider", \.provider),
            .text("model", \.model), .time("since", \.since),
        ] + Shape("TokenRates", TokenRates.properties).of(\.rates) + [
            .text("source", \.source), .time("created_at", \.createdAt),
        ])
}
