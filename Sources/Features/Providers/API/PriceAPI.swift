import EdisonCore
import EdisonWeb
import HTTPTypes

/// The routes of an organisation's own prices.
struct PriceAPI: Sendable {
    let prices: PriceService

    private static let group = "Models"

    var endpoints: [Endpoint] {
        [
            .json(
                .post, "/organizations/{organization}/model-prices",
                "Enters what a model costs from a day on; it stands above the list price.", in: Self.group,
                .organization(.writePrices), takes: NewPriceRequest.self, .one(ModelPrice.shape, .created)
            ) { request, body in
                try await prices.enter(
                    body.rates, of: body.model, provider: body.provider, since: body.since, source: body.source,
                    for: try request.requireOrganization(), by: request.actor)
            },
            .get(
                "/organizations/{organization}/model-prices", "Lists the prices that an organization has entered.",
                in: Self.group, .organization(.readPrices), query: QueryParameter.page, .page(of: ModelPrice.shape)
            ) { request in try await prices.list(of: try request.requireOrganization(), try request.page()) },
            .action(
                .delete, "/model-prices/{id}", "Takes a price back; what was paid by it stays as it was counted.",
                in: Self.group, .entity(.writePrices, .modelPrice), .nothing
            ) { request in try await prices.delete(try request.id(), by: request.actor) },
        ]
    }
}

private struct NewPriceRequest: RequestBody {
    static let example: JSONObject? = ["provider": "openai", "model": "$MODEL", "input": 0.15, "output": 0.6]

    let provider: String
    let model: String
    let since: Timestamp?
    let rates: TokenRates
    let source: String

    init(_ fields: Fields) {
        let rate = FieldType<Money.PerMillionTokens>.rate
        provider = fields.required("provider", .provider)
        model = fields.required("model", .name())
        since = fields.optional("since", .time, "From when on; absent: from now on.")
        rates = TokenRates(
            input: fields.required("input", rate, "USD for a million tokens."),
            output: fields.required("output", rate), cachedInput: fields.optional("cached_input", rate),
            cacheWrite: fields.optional("cache_write", rate), reasoning: fields.optional("reasoning", rate))
        source = fields.value("source", .text(0...500), or: "", "Where the price comes from.")
    }
}

extension FieldType where Value == Money.PerMillionTokens {
    fileprivate static let rate = FieldType<Money>.money().map(
        sample: Money.PerMillionTokens(nanodollars: 0), or: "must be an amount in USD"
    ) { Money.PerMillionTokens(nanodollars: $0.nanodollars) }
}
