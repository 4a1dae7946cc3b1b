import EdisonCore
import EdisonLLM
import EdisonWeb

extension TenantBudget {
    static let shape = Shape<TenantBudget>(
        "Budget",
        [
            .id("id", \.id), .word("level", \.budget.account.level), .id("organization_id", \.owner.organization),
            .optionalID("project_id", \.owner.project), .optionalID("user_id", \.owner.user),
            .optionalText("credential_id", \.owner.credential), .text("name", \.name), .word("period", \.budget.period),
            .money("limit_usd", \.budget.limit), .money("spent_usd", \.budget.spent),
            .money("unconfirmed_usd", \.budget.unconfirmed), .money("reserved_usd", \.budget.reserved),
            .money("left_usd", \.budget.left), .thresholds("alert_thresholds", \.budget.alarm.thresholds),
            .thresholds("reached_thresholds", \.budget.alarm.told),
            .time("counted_from") { max($0.budget.createdAt, BudgetPeriod.moment(of: $0.budget.since)) },
            .optionalTime("renewed_at") { $0.budget.period.end(at: .now) }, .time("created_at", \.budget.createdAt),
            .time("updated_at", \.updatedAt),
        ])
}

extension BudgetAlert {
    static let shape = Shape<BudgetAlert>(
        "BudgetAlert",
        [
            .id("id", \.id), .text("budget_id", \.budget), .optionalID("project_id", \.project),
            .number("threshold") { Double($0.threshold) / 1_000 }, .money("limit_usd", \.limit),
            .money("used_usd", \.used), .word("period") { BudgetPeriod(rawValue: $0.period) ?? .total },
            .time("period_start", \.periodStart),
            .time("created_at", \.createdAt),
        ])
}

extension Property {
    /// Thousandths, shown as shares of the limit.
    fileprivate static func thresholds(_ name: String, _ value: @escaping @Sendable (Value) -> [Int]) -> Property {
        Property(name, ["type": "array", "items": ["type": "number"]]) { whole in
            .array(value(whole).map { .number(Double($0) / 1_000) })
        }
    }
}
