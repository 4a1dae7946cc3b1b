package import EdisonCore

/// When a loop ends. Values are the defaults of the product; the first rule that fires gives the reason.
package struct StopRules: Hashable, Sendable {
    package var maxIterations = 10
    /// The gain that matters, on the composite's 0 to 1.
    package var minDelta = 0.02
    /// How many acceptances together must gain at least `minDelta`.
    package var convergenceWindow = 3
    /// Iterations without an acceptance; nil = 8 when racing, 3 in full mode.
    package var patience: Int?
    /// A search score at which the loop is done.
    package var target: Double?
    package var maxBudget: Money?
    package var maxTokens: Int?
    package var maxCalls: Int?
    package var maxDuration: Duration?

    package init() {}
}

/// Why a loop ended, in the words of the result file.
package enum StopReason: String, Sendable, CaseIterable {
    case maxIterations = "max_iterations"
    case target, converged, stalled, budget, tokens, calls, time, cancelled, ceiling, errors

    /// A limit of the person's own: the run goes on when the limit is raised.
    package var isLimit: Bool { limitKey != nil }

    /// What an experiment file calls it; nil for what is no limit.
    package var limitKey: String? {
        switch self {
        case .budget: "max_budget_usd"
        case .tokens: "max_tokens"
        case .calls: "max_calls"
        case .time: "max_seconds"
        default: nil
        }
    }

    /// What sentences call it; nil for what is no limit.
    package var limitNoun: String? {
        switch self {
        case .budget: "the budget"
        case .tokens: "the limit of tokens"
        case .calls: "the limit of calls"
        case .time: "the time"
        default: nil
        }
    }
}

/// What the comparison at the end says of the best version against the first, in the words of the result file.
package enum Verdict: String, Sendable, CaseIterable {
    case better, worse, equivalent
    case noDifference = "no_difference"
    case insufficientData = "insufficient_data"
}
