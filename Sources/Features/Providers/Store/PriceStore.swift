import EdisonCore
import EdisonSQL

/// Prices that organisations have entered.
struct PriceStore: Sendable {
    func insert(_ price: ModelPrice, in db: any DatabaseConnection) throws {
        let rates = price.rates
        try db.execute(
            """
            INSERT INTO model_price
                (id, organization_id, provider, model, since, input_nano, output_nano, cached_input_nano,
                 cache_write_nano, reasoning_nano, source, created_at)
            VALUES
                (\(price.id), \(price.organization), \(price.provider), \(price.model), \(price.since),
                 \(rates.input.nanodollars), \(rates.output.nanodollars), \(rates.cachedInput?.nanodollars),
                 \(rates.cacheWrite?.nanodollars), \(rates.reasoning?.nanodollars), \(price.source),
                 \(price.createdAt))
            """)
    }

    func price(
        of model: String, provider: String, at moment: Timestamp, organization: OrganizationID,
        in db: any DatabaseConnection
    ) throws -> ModelPrice? {
        try db.fetchOne(
            """
            SELECT * FROM model_price
            WHERE organization_id = \(organization) AND provider = \(provider) AND model = \(model)
                AND since <= \(moment)
            ORDER BY since DESC LIMIT 1
            """
        ).map(ModelPrice.init)
    }

    func all(of organization: OrganizationID, in db: any DatabaseConnection) throws -> [ModelPrice] {
        try db.fetch("SELECT * FROM model_price WHERE organization_id = \(organization)").map(ModelPrice.init)
    }

    /// The newest entry first.
    func list(
        of organization: OrganizationID, page: PageRequest, in db: any DatabaseConnection
    ) throws -> [ModelPrice] {
        let rest: SQL = page.after.map { "AND id < \($0.text)" } ?? ""
        return try db.fetch(
            """
            SELECT * FROM model_price WHERE organization_id = \(organization) \(rest)
            ORDER BY id DESC LIMIT \(page.limit + 1)
            """
        ).map(ModelPrice.init)
    }

    func price(_ id: ModelPrice.ID, in db: any DatabaseConnection) throws -> ModelPrice? {
        try db.fetchOne("SELECT * FROM model_price WHERE id = \(id)").map(ModelPrice.init)
    }

    func delete(_ id: ModelPrice.ID, in db: any DatabaseConnection) throws {
        try db.execute("DELETE FROM model_price WHERE id = \(id)")
    }
}

extension ModelPrice {
    init(row: Row) throws {
        func rate(_ column: String) throws -> Money.PerMillionTokens? {
            try row.optionalInt64(column).map { Money.PerMillionTokens(nanodollars: $0) }
        }
        self.init(
            id: try row.id("id"), organization: try row.id("organization_id"), provider: try row.string("provider"),
            model: try row.string("model"), since: try row.timestamp("since"),
            rates: TokenRates(
                input: .init(nanodollars: try row.int64("input_nano")),
                output: .init(nanodollars: try row.int64("output_nano")), cachedInput: try rate("cached_input_nano"),
                cacheWrite: try rate("cache_write_nano"), reasoning: try rate("reasoning_nano")),
            source: try row.string("source"), createdAt: try row.timestamp("created_at"))
    }
}
