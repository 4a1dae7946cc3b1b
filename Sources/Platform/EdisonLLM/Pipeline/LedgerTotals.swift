package import EdisonCore

/// What a scope has used, by the ledger of calls.
package struct LedgerTotals: Sendable {
    /// Answered or failed calls that made a request, by purpose.
    package var calls: [(purpose: String, count: Int)] = []
    /// Calls that the response cache answered, at no cost.
    package var cached = 0
    package var costs: [(purpose: String, cost: Money)] = []
    /// nil when a price is unknown.
    package var cost: Money? = .zero
    /// Reserved by attempts whose outcome nobody knows: not spent for certain, counted against the budget.
    package var unconfirmed: Money = .zero
    package var inputTokens = 0
    package var outputTokens = 0
    package var unknownPrices: [String] = []
    /// The limits as they stand, which whoever took part may have lowered; nil = the scope has no budget.
    package var budget: Budget?

    package init() {}

    /// How much more was spent than the limits allow: what is reserved for a call is what it asks for at most, and a
    /// provider that does not keep to that is paid all the same. Empty when nothing was.
    package var overrunJSON: JSONObject {
        var object = JSONObject()
        if let limit = budget?.limit, let cost, cost > limit { object["over_budget_usd"] = (cost - limit).json }
        if let limit = budget?.tokens, inputTokens + outputTokens > limit {
            object["over_budget_tokens"] = .integer(Int64(inputTokens + outputTokens - limit))
        }
        return object
    }

    package var callsJSON: JSONValue {
        var object: JSONObject = ["execute": 0, "judge": 0, "refine": 0]
        for (purpose, count) in calls { object[purpose] = .integer(Int64(count)) }
        return .object(object)
    }

    /// By purpose; the values sum to `cost` exactly. null = a price is unknown.
    package var costsJSON: JSONValue {
        guard cost != nil else { return .null }
        var object = JSONObject()
        for (purpose, cost) in costs { object[purpose] = cost.json }
        return .object(object)
    }

    package var count: Int { calls.reduce(0) { $0 + $1.count } }
}
