package import EdisonCore

/// What a model costs, by kind of token.
package struct Price: Hashable, Sendable {
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

    package static let free = Price(input: .init(nanodollars: 0), output: .init(nanodollars: 0))

    package var isFree: Bool {
        [input, output, cachedInput, cacheWrite, reasoning].allSatisfy { ($0?.nanodollars ?? 0) == 0 }
    }

    /// The exact cost, rounded once, half up. Cache parts and reasoning are shares of the totals; where they have no
    /// price of their own they cost what plain input and output cost.
    package func cost(of usage: TokenUsage) -> Money {
        let plainInput = max(0, usage.input - usage.cacheRead - usage.cacheWrite)
        let plainOutput = reasoning == nil ? usage.output : max(0, usage.output - usage.reasoning)
        return Money(summing: [
            (input, plainInput), (cachedInput ?? input, usage.cacheRead), (cacheWrite ?? input, usage.cacheWrite),
            (output, plainOutput), (reasoning ?? output, reasoning == nil ? 0 : usage.reasoning),
        ])
    }

    /// The most that a call can cost: at most one token a byte of input, at the dearest input rate, and all of the
    /// output that it may write.
    func bound(inputTokens: Int, outputTokens: Int) -> Money {
        let dearestInput = [input, cachedInput, cacheWrite].compactMap(\.self).max { $0.nanodollars < $1.nanodollars }
        let dearestOutput = [output, reasoning].compactMap(\.self).max { $0.nanodollars < $1.nanodollars }
        return Money(summing: [(dearestInput ?? input, inputTokens), (dearestOutput ?? output, outputTokens)])
    }
}

/// Known list prices, by date. A model that is not in it has an unknown price, never a guessed one.
package struct PriceTable: Sendable {
    package struct Entry: Sendable {
        package let provider: String
        package let model: String
        package let since: Timestamp
        package let price: Price
        /// Where the price was published.
        package let source: String

        package init(provider: String, model: String, since: Timestamp, price: Price, source: String) {
            self.provider = provider
            self.model = model
            self.since = since
            self.price = price
            self.source = source
        }
    }

    package let entries: [Entry]

    package init(_ entries: [Entry]) { self.entries = entries }

    package func price(of reference: ModelReference, at time: Timestamp) -> Price? {
        if let own = reference.price { return own }
        if reference.endpoint.kind.isFree { return .free }
        return entries.filter {
            $0.provider == reference.endpoint.kind.name && $0.model == reference.model && $0.since <= time
        }.max { $0.since < $1.since }?.price
    }

    /// Prices as published by the provider on the date given; newer ones stand in the experiment file.
    package static let builtIn: PriceTable = {
        func entry(_ model: String, _ input: Double, _ output: Double) -> Entry? {
            guard let input = Money.PerMillionTokens(dollars: input),
                let output = Money.PerMillionTokens(dollars: output)
            else { return nil }
            return Entry(
                provider: "openai", model: model, since: Timestamp(microseconds: 1_725_148_800_000_000),
                price: Price(input: input, output: output), source: "OpenAI list price, September 2024")
        }
        return PriceTable(
            [entry("gpt-4o", 2.5, 10), entry("gpt-4o-mini", 0.15, 0.6), entry("gpt-4-turbo", 10, 30)].compactMap(\.self)
        )
    }()
}
