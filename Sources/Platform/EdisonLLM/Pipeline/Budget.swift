package import EdisonCore
import EdisonSQL

/// A limit on what a scope may spend, kept in the database alone, so that it holds for every process.
package struct Budget: Hashable, Sendable {
    package typealias ID = EdisonCore.ID<Budget>

    /// nil: no limit.
    package let limit: Money?
    package let tokens: Int?
    package let calls: Int?
}

extension Budget {
    init(row: Row) throws {
        self.init(
            limit: try row.optionalMoney("limit_nano"), tokens: try row.optionalInt("limit_tokens"),
            calls: try row.optionalInt("limit_calls"))
    }
}

/// What a reservation ran into.
package enum BudgetLimit: String, Sendable, CaseIterable { case usd, tokens, calls }

/// The error under `budgetExceeded`: which limit it was.
package struct BudgetExhausted: Error, Sendable {
    package let limit: BudgetLimit
    /// The whole limit is less than what this one call may use: nothing was spent in vain, it was too small from the
    /// start.
    package let isBelowOneCall: Bool
    /// The budget of an account that it was; nil = the run's own limit.
    package let shared: SharedBudget?

    /// What did not fit.
    package let needed: Money

    package init(limit: BudgetLimit, isBelowOneCall: Bool, shared: SharedBudget? = nil, needed: Money = .zero) {
        self.limit = limit
        self.isBelowOneCall = isBelowOneCall
        self.shared = shared
        self.needed = needed
    }
}

extension BudgetExhausted {
    /// Says which limit it was.
    package var error: EdisonError {
        let end = isBelowOneCall ? "is less than what one call may need" : "is used up"
        guard let shared else {
            return EdisonError(.budgetExceeded, "The \(limit.words) \(end).", underlying: self)
        }
        return EdisonError(
            .budgetExceeded, "\(shared.raisedWords) \(end).", detail: shared.advice, underlying: self)
    }
}

extension BudgetLimit {
    fileprivate var words: String {
        switch self {
        case .usd: "budget"
        case .tokens: "token limit"
        case .calls: "limit of calls"
        }
    }
}
