import EdisonCore
import EdisonLLM

/// Whether a run may begin under the budgets that cover it: one that they surely cannot pay for is refused before
/// anything is spent. What they can pay in part begins, and ends where they do.
struct BudgetRoom: Sendable {
    /// The low end of the estimate for one iteration and the test at the end, without which nothing is found out; nil =
    /// unknown.
    let estimate: Money?
    /// The run's own limit: more it never spends.
    let limit: Money?
    /// What it has spent before.
    let spent: Money
    /// What the cheapest of its calls reserves.
    let oneCall: Money
    /// What ended it the last time.
    let stop: StoppingBudget?

    /// An estimate may be wrong by so much and still be one.
    private static let doubt: Int64 = 3

    /// The least that the run still takes of a budget.
    ///
    /// - Parameter isWhole: whether the budget covers all of the run's calls, and not those of one credential alone.
    func need(of budget: SharedBudget, isWhole: Bool) -> Money {
        var need = oneCall
        if let stop, stop.id == budget.id { need = max(need, stop.needed) }
        guard isWhole, let estimate else { return need }
        let sure = Money(nanodollars: estimate.nanodollars / Self.doubt)
        return max(need, min(sure, limit ?? sure) - spent)
    }

    /// The first of these budgets that cannot pay for the run, and what that would take.
    func shortage(
        among budgets: [SharedBudget], isWhole: (SharedBudget) -> Bool
    ) -> (budget: SharedBudget, need: Money)? {
        for budget in budgets {
            let need = need(of: budget, isWhole: isWhole(budget))
            if budget.left < need { return (budget, need) }
        }
        return nil
    }
}
