import EdisonCore
package import EdisonLLM

/// When a search must end so that its limit still pays for the test at the end: a search without the test has shown
/// nothing.
package struct ConfirmationReserve: Sendable {
    /// Of the run so far, its unconfirmed cost included.
    let spent: LedgerTotals
    let iterations: Int
    /// Calls of the test: answers, and judgments of each of them.
    let executions: Int
    let judgments: Int

    package init(spent: LedgerTotals, iterations: Int, executions: Int, judgments: Int) {
        self.spent = spent
        self.iterations = iterations
        self.executions = executions
        self.judgments = judgments
    }

    /// The limit that would not pay for another iteration like those before and for the test; nil while all do. A limit
    /// that cannot pay for the test alone is no reason: then the search may have it.
    package func limitReached(_ rules: StopRules) -> StopReason? {
        guard iterations > 0 else { return nil }
        let calls = Double(spent.count)
        let test = Double(executions + judgments)
        if let limit = rules.maxCalls, isDue(limit: Double(limit), spent: calls, test: test) { return .calls }
        let tokens = Double(spent.inputTokens + spent.outputTokens)
        if let limit = rules.maxTokens, calls > 0,
            isDue(limit: Double(limit), spent: tokens, test: tokens / calls * test)
        {
            return .tokens
        }
        if let limit = rules.maxBudget, let cost = spent.cost,
            isDue(limit: limit.dollars, spent: (cost + spent.unconfirmed).dollars, test: testCost)
        {
            return .budget
        }
        return nil
    }

    private func isDue(limit: Double, spent: Double, test: Double) -> Bool {
        let rest = limit - spent
        return test <= rest && rest < test + spent / Double(iterations)
    }

    /// In USD, by what such calls have cost so far.
    private var testCost: Double {
        func mean(_ purpose: CallPurpose) -> Double {
            guard let count = spent.calls.first(where: { $0.purpose == purpose.name })?.count, count > 0,
                let cost = spent.costs.first(where: { $0.purpose == purpose.name })?.cost
            else { return 0 }
            return cost.dollars / Double(count)
        }
        return Double(executions) * mean(.execute) + Double(judgments) * mean(.judge)
    }
}
