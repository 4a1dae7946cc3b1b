package import EdisonCore

/// A limit on what a scope may spend, kept in the database alone, so that it holds for every process.
package struct Budget: Hashable, Sendable {
    package typealias ID = EdisonCore.ID<Budget>

    package let id: ID
    package let scope: String
    package let limit: Money?
    package let tokens: Int?
    package let calls: Int?
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
