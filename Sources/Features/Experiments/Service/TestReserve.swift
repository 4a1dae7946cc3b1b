import EdisonCore
import EdisonEvaluation
import EdisonLLM
import EdisonPrompts

/// Keeps of a run's limits what its test at the end needs, and stores what it decides: a run that goes on under the same
/// limits ends its search where it ended before, whatever part of the test has been paid for since.
struct TestReserve: Sendable {
    let context: RunContext

    /// The limit for which the search ends before its next iteration; nil = it goes on.
    func limitReached(_ state: LoopState) async throws -> StopReason? {
        let next = state.iteration + 1
        guard state.incumbent != state.first.version.id, !context.cases.holdout.isEmpty,
            try await context.store.beginning(of: next) == nil
        else { return nil }
        let spending = try await context.calls.models.spending(scope: context.experiment.text)
        let limits = limits(spending.budget)
        let words = Self.words(limits)
        if let decision = try await context.store.searchDecision(before: next), decision.limits == words {
            return decision.reason
        }
        let reason = try await reserve(state, spending, isChosen: false).limitReached
        try await context.store.decide(SearchDecision(limits: words, reason: reason), before: next)
        return reason
    }

    /// The limit under which the test would not come to its end; nil when there is none.
    ///
    /// Of answers that may all come from the cache nobody knows that beforehand.
    func unpayable(_ state: LoopState) async throws -> StopReason? {
        if context.definition.models.contains(where: \.cache) { return nil }
        let spending = try await context.calls.models.spending(scope: context.experiment.text)
        return try await reserve(state, spending, isChosen: true).unpayable
    }

    private func reserve(
        _ state: LoopState, _ spending: Spending, isChosen: Bool
    ) async throws -> ConfirmationReserve {
        let limits = limits(spending.budget)
        let elapsed = limits[.time].map { $0 - (context.calls.models.deadline?.seconds ?? 0) }
        let spans = try await context.store.iterationSpans(through: state.iteration)
        return ConfirmationReserve(
            limits: limits,
            used: [
                .budget: spending.cost.dollars, .tokens: Double(spending.tokens), .calls: Double(spending.requests),
                .time: elapsed ?? 0,
            ],
            iteration: IterationCost(spans: spans, calls: spending.calls, elapsed: elapsed ?? 0).next,
            test: await ranges(TestCalls(context: context, state: state, isChosen: isChosen), spending),
            laterTest: await ranges(
                TestCalls(context: context, state: state, isChosen: isChosen, mayGrow: true), spending))
    }

    private func ranges(_ test: TestCalls, _ spending: Spending) async -> [StopReason: CostRange] {
        ConfirmationCost(
            parts: await test.parts, calls: spending.calls, concurrency: context.settings.concurrency
        ).ranges
    }

    /// As they stand: whoever took part may have lowered them.
    private func limits(_ budget: Budget) -> [StopReason: Double] {
        var limits: [StopReason: Double] = [:]
        limits[.budget] = budget.limit?.dollars
        limits[.tokens] = budget.tokens.map(Double.init)
        limits[.calls] = budget.calls.map(Double.init)
        limits[.time] = context.definition.stop.maxDuration.map { $0.milliseconds / 1000 }
        return limits
    }

    private static func words(_ limits: [StopReason: Double]) -> String {
        limits.map { "\($0.key.rawValue) \($0.value)" }.sorted().joined(separator: ", ")
    }
}

extension ContinuousClock.Instant {
    /// From now until then.
    fileprivate var seconds: Double { ContinuousClock.now.duration(to: self).milliseconds / 1000 }
}
