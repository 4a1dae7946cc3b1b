import EdisonLLM
import EdisonWeb

struct NewProjectBudget: RequestBody {
    let credential: String?
    let period: BudgetPeriod
    let wish: BudgetWish

    init(_ fields: Fields) {
        credential = fields.optional(
            "credential_id", .text(1...100), "Only what is asked through this credential; absent: all of the project.")
        period = fields.value(
            "period", .word, or: .trailing, "30_days is today and the 29 days before; days are those of UTC.")
        wish = BudgetWish(new: fields)
    }
}
