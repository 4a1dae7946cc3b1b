package import EdisonCore

/// By what costs are told apart.
package enum CostDimension: String, Sendable, CaseIterable {
    case project, provider, credential, model, prompt, experiment, user, purpose, day
}

/// Which costs are asked for, and how they are grouped.
package struct CostQuery: Sendable {
    /// In this order; empty = one row for all.
    package var by: [CostDimension] = []
    package var from: Timestamp?
    package var to: Timestamp?
    /// Only calls whose value of a dimension is this one; of a day nothing can be asked for so.
    package var only: [CostDimension: String] = [:]

    package init() {}
}

/// What some calls came to.
package struct CostFigures: Hashable, Sendable {
    package var cost = Money.zero
    /// Of attempts that nobody knows the outcome of: not in the cost.
    package var unconfirmed = Money.zero
    package var calls = 0
    /// Of them, those that a cache answered at no cost.
    package var cached = 0
    package var requests = 0
    package var inputTokens = 0
    package var outputTokens = 0
    /// Calls whose price nobody knew: what they cost is missing in the sum.
    package var unpriced = 0
}

/// The calls that have the same values in the dimensions asked for.
package struct CostRow: Sendable {
    /// Ids, names of models, days; a call without the value is under "".
    package var values: [CostDimension: String]
    /// What people call it, where the value is an id.
    package var names: [CostDimension: String]
    package let figures: CostFigures
}

/// Where money went.
package struct CostReport: Sendable {
    /// More rows than this are not told; the total has all.
    package static let mostRows = 10_000

    package let query: CostQuery
    package let total: CostFigures
    /// The dearest first; by day, in the order of the days.
    package let rows: [CostRow]
    package let isPartial: Bool

    /// - Parameter found: one more than fits, where there are more.
    package init(_ query: CostQuery, total: CostFigures, found: [CostRow]) {
        self.query = query
        self.total = total
        rows = Array(found.prefix(Self.mostRows))
        isPartial = found.count > Self.mostRows
    }
}
