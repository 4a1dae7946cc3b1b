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
}
