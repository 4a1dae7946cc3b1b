package import EdisonCore
package import EdisonLLM

/// What an organisation pays for a model from a day on; it stands above the list prices that the program knows.
package struct ModelPrice: Hashable, Sendable {
    package typealias ID = EdisonCore.ID<ModelPrice>

    package let id: ID
    package let organization: OrganizationID
    package let provider: String
    package let model: String
    package let since: Timestamp
    package let rates: TokenRates
    /// Where the price comes from, in the words of whoever entered it.
    package let source: String
    package let createdAt: Timestamp

    package var price: Price {
        Price(
            input: rates.input, output: rates.output, cachedInput: rates.cachedInput, cacheWrite: rates.cacheWrite,
            reasoning: rates.reasoning)
    }
}

/// Rates by kind of token, in USD for a million; nil = as its plain kind.
package struct TokenRates: Hashable, Sendable {
    package var input: Money.PerMillionTokens
    package var output: Money.PerMillionTokens
    package var cachedInput: Money.PerMillionTokens?
    package var cacheWrite: Money.PerMillionTokens?
    package var reasoning: Money.PerMillionTokens?

    package init(
        input: Money.PerMillionTokens, output: Money.PerMillionTokens, cachedInput: Money.PerMillionTokens? = nil,
        cacheWrite: Money.PerMillionTokens? = nil, reasoning: Money.PerMillionTokens? = nil
    ) {
        self.input = input
        self.output = output
        self.cachedInput = cachedInput
        self.cacheWrite = cacheWrite
        self.reasoning = reasoning
    }
}

/// A price with its date, wherever it was found.
package struct DatedPrice: Hashable, Sendable {
    package let rates: TokenRates
    /// nil: always.
    package let since: Timestamp?
    package let source: String
    /// Whether the organisation entered it.
    package let isOwn: Bool
}

extension DatedPrice {
    init(_ own: ModelPrice) {
        self.init(rates: own.rates, since: own.since, source: own.source, isOwn: true)
    }

    init(_ entry: PriceTable.Entry) {
        self.init(
            rates: TokenRates(entry.price), since: entry.since, source: entry.source, isOwn: false)
    }

    /// On one's own machine nothing is paid by the token.
    static let free = DatedPrice(
        rates: TokenRates(input: .init(nanodollars: 0), output: .init(nanodollars: 0)), since: nil,
        source: "runs on a machine of one's own", isOwn: false)
}

extension TokenRates {
    init(_ price: Price) {
        self.init(
            input: price.input, output: price.output, cachedInput: price.cachedInput, cacheWrite: price.cacheWrite,
            reasoning: price.reasoning)
    }
}

/// Finds the price that holds at a moment; what nobody has entered is unknown, never a guess.
enum PriceLookup {
    static func price(
        of model: String, provider: String, at moment: Timestamp, own: [ModelPrice], table: PriceTable = .builtIn
    ) -> DatedPrice? {
        let entered = own.filter { $0.provider == provider && $0.model == model && $0.since <= moment }
        if let newest = entered.max(by: { $0.since < $1.since }) { return DatedPrice(newest) }
        if ProviderKind(provider).isFree { return .free }
        return listed(of: model, provider: provider, table: table).last { ($0.since ?? moment) <= moment }
    }

    static func listedModels(of provider: String, table: PriceTable = .builtIn) -> [String] {
        Set(table.entries.filter { $0.provider == provider }.map(\.model)).sorted()
    }

    /// All that the program knows of a model, the oldest first.
    static func listed(of model: String, provider: String, table: PriceTable = .builtIn) -> [DatedPrice] {
        table.entries.filter { $0.provider == provider && $0.model == model }.sorted { $0.since < $1.since }
            .map { DatedPrice($0) }
    }
}
