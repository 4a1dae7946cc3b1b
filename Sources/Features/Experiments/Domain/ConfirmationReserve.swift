/// When a search must end so that its limits still pay for the test at the end: a search without the test has shown
/// nothing.
package struct ConfirmationReserve: Sendable {
    /// Of the run, and what it has used of each.
    let limits: [StopReason: Double]
    let used: [StopReason: Double]
    /// What another iteration may take.
    let iteration: [StopReason: Double]
    let test: [StopReason: CostRange]
    /// After another iteration, when there may be more to compare.
    let laterTest: [StopReason: CostRange]

    package init(
        limits: [StopReason: Double], used: [StopReason: Double], iteration: [StopReason: Double],
        test: [StopReason: CostRange], laterTest: [StopReason: CostRange]? = nil
    ) {
        self.limits = limits
        self.used = used
        self.iteration = iteration
        self.test = test
        self.laterTest = laterTest ?? test
    }

    /// The limit that would not pay for another iteration and for the test; nil while all do. Where a limit cannot pay
    /// for the test alone, nothing is gained by an end: then the search may have it.
    package var limitReached: StopReason? {
        if unpayable != nil { return nil }
        return limit(laterTest) { $0 < $1.most + (iteration[$2] ?? 0) }
    }

    /// The limit under which a test would not come to its end; nil when there is none.
    package var unpayable: StopReason? { limit(test) { rest, test, _ in test.least > 0 && rest < test.least } }

    private func limit(
        _ test: [StopReason: CostRange], _ isReached: (Double, CostRange, StopReason) -> Bool
    ) -> StopReason? {
        [StopReason.calls, .tokens, .budget, .time].first { reason in
            guard let limit = limits[reason] else { return false }
            return isReached(limit - (used[reason] ?? 0), test[reason] ?? .none, reason)
        }
    }
}
