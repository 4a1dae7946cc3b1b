package import EdisonCore
package import EdisonEvents
package import EdisonSQL

/// Keeps the prices that organisations have entered.
package struct PriceService: Sendable {
    private let database: Database
    private let store = PriceStore()
    private let audit = AuditTrail()
    private let now: @Sendable () -> Timestamp

    package init(database: Database, now: @escaping @Sendable () -> Timestamp = { .now }) {
        self.database = database
        self.now = now
    }

    /// - Parameter since: nil = from now on.
    @discardableResult
    package func enter(
        _ rates: TokenRates, of model: String, provider: String, since: Timestamp?, source: String,
        for organization: OrganizationID, by actor: Actor
    ) async throws -> ModelPrice {
        let moment = now()
        let price = ModelPrice(
            id: IDSource.random.next(), organization: organization, provider: provider, model: model,
            since: since ?? moment, rates: rates, source: source, createdAt: moment)
        do {
            try await database.write { db in
                try store.insert(price, in: db)
                try audit.record(
                    "model_price.entered", of: ("model_price", price.id.text), by: actor,
                    changes: [
                        "provider": .string(provider), "model": .string(model), "since": .string(price.since.rfc3339),
                        "input": Money(nanodollars: rates.input.nanodollars).json,
                        "output": Money(nanodollars: rates.output.nanodollars).json,
                    ], db)
            }
        } catch let error as EdisonError where error.brokenRule == .unique {
            throw EdisonError(
                .conflict, "There is a price of \(model) from this moment on already.",
                detail: "Delete it first, or take another date.",
                issues: [FieldIssue(path: "since", message: "is taken")], underlying: error)
        }
        return price
    }

    package func list(of organization: OrganizationID, _ page: PageRequest) async throws -> Listing<ModelPrice> {
        let found = try await database.read { db in try store.list(of: organization, page: page, in: db) }
        return Listing(found, page) { Cursor($0.id.text) }
    }

    package func delete(_ id: ModelPrice.ID, by actor: Actor) async throws {
        try await database.write { db in
            guard let price = try store.price(id, in: db) else {
                throw EdisonError(.notFound, "There is no such price.")
            }
            try store.delete(id, in: db)
            try audit.record(
                "model_price.deleted", of: ("model_price", id.text), by: actor,
                changes: ["provider": .string(price.provider), "model": .string(price.model)], db)
        }
    }
}
