import EdisonWeb

struct ChangeBudget: RequestBody {
    let wish: BudgetWish

    init(_ fields: Fields) {
        wish = BudgetWish(
            name: fields.optional("name", .text(0...200)), limit: fields.optional("limit_usd", .money()),
            thresholds: fields.optional("alert_thresholds", .thresholds, BudgetWish.aboutThresholds))
    }
}
