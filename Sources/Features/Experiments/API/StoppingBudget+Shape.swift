import EdisonWeb

extension StoppingBudget {
    static let shape = Shape<StoppingBudget>(
        "StoppingBudget",
        [
            .id("budget_id", \.id), .word("level", \.level), .word("period", \.period),
            .money("limit_usd", \.limit), .money("needed_usd", \.needed),
        ])
}
