import EdisonLLM
import EdisonWeb

struct NewProjectBudget: RequestBody {
    let credential: String?
    let period: BudgetPeriod
    let wish: BudgetWish

    init(_ fields: Fields) {
        credential = fields.optional(
            "credential_id", .text(1...100), "Only what is asked through this credential; absent: all of the project.")
        period = fields.period(or: .trailing)
        wish = BudgetWish(new: fields)
    }
}
