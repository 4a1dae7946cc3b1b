import EdisonLLM
import EdisonWeb

struct NewOrganizationBudget: RequestBody {
    let user: String?
    let period: BudgetPeriod
    let wish: BudgetWish

    init(_ fields: Fields) {
        user = fields.optional(
            "user_id", .text(1...100), "Only what this member spends here; absent: all of the organization.")
        period = fields.value(
            "period", .word, or: .month, "30_days is today and the 29 days before; days are those of UTC.")
        wish = BudgetWish(new: fields)
    }
}
