import EdisonCore
import EdisonSQL

extension ModelCalls {
    /// What a scope has used of its limits, call by call.
    package func spending(scope: String) async throws -> Spending { try await ledger.spending(scope: scope) }
}

extension CallLedger {
    func spending(scope: String) async throws -> Spending {
        try await database.read { db in
            var spending = Spending(budget: Budget(limit: nil, tokens: nil, calls: nil))
            if let row = try db.fetchOne("SELECT * FROM budget WHERE scope = \(scope)") {
                spending.budget = try Budget(row: row)
                spending.cost = try row.money("spent_nano") + row.money("unconfirmed_nano")
                spending.tokens = try row.int("spent_tokens")
                spending.requests = try row.int("spent_calls")
            }
            let rows = try db.fetch(
                """
                SELECT purpose, tags, attempts, COALESCE(cost_nano, 0) AS cost, input_tokens, output_tokens, latency_us,
                    created_at,
                    (SELECT MAX(reserved_nano) FROM model_attempt WHERE call_id = model_call.id) AS reserved_nano,
                    (SELECT MAX(reserved_tokens) FROM model_attempt WHERE call_id = model_call.id) AS reserved_tokens
                FROM model_call WHERE scope = \(scope) AND status <> 'open' ORDER BY created_at, id
                """)
            spending.calls = try rows.map { row in
                Spending.Call(
                    CallPurpose(try row.string("purpose")), model: try row.json("tags")["model"]?.string ?? "",
                    requests: try row.int("attempts"), cost: try row.money("cost"),
                    tokens: try row.int("input_tokens") + row.int("output_tokens"),
                    latency: .microseconds(try row.int("latency_us")), began: try row.timestamp("created_at"),
                    reservedCost: try row.optionalMoney("reserved_nano") ?? .zero,
                    reservedTokens: try row.optionalInt("reserved_tokens") ?? 0)
            }
            return spending
        }
    }
}
