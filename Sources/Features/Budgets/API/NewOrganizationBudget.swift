import EdisonLLM
import EdisonWeb

struct NewOrganizationBudget: RequestBody {
    let user: String?
    let period: BudgetPeriod
    let wish: BudgetWish

    init(_ fields: Fields) {
        user = fields.optional(
            "user_id", .text(1...100), "Only what this member spends here; absent: all of the organization.")
        period = fields.period(or: .month)
        wish = BudgetWish(new: fields)
    }
}
