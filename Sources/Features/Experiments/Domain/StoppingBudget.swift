import EdisonCore
import EdisonLLM

/// The budget of an account that ended a run, as its result names it.
package struct StoppingBudget: Hashable, Sendable {
    let id: Budget.ID
    let level: BudgetLevel
    let period: BudgetPeriod
    let limit: Money
    /// What the call reserves that did not fit: with less the run would end there again.
    let needed: Money

    /// nil: the run's own limit.
    init?(_ shortage: BudgetExhausted) {
        guard let budget = shortage.shared else { return nil }
        (id, level, period, limit) = (budget.id, budget.account.level, budget.period, budget.limit)
        needed = shortage.needed
    }

    init?(json: JSONValue) {
        guard let id = json["budget_id"]?.string, let level = BudgetLevel(rawValue: json["level"]?.string ?? ""),
            let period = BudgetPeriod(rawValue: json["period"]?.string ?? ""),
            let limit = json["limit_usd"]?.double.flatMap({ Money(dollars: $0) }),
            let needed = json["needed_usd"]?.double.flatMap({ Money(dollars: $0) })
        else { return nil }
        (self.id, self.level, self.period, self.limit, self.needed) = (Budget.ID(id), level, period, limit, needed)
    }

    var json: JSONValue {
        [
            "budget_id": .string(id.text), "level": .string(level.rawValue), "period": .string(period.rawValue),
            "limit_usd": limit.json, "needed_usd": needed.json,
        ]
    }
}
