import EdisonCore
import EdisonDatasets
import EdisonEvaluation
package import EdisonLLM
import EdisonPrompts
package import EdisonSQL

/// Starts runs, goes on with them, and ends them with a result.
package struct ExperimentService: Sendable {
    let database: Database
    let calls: ModelCalls
    let project: String

    package init(database: Database, calls: ModelCalls, project: String) {
        self.database = database
        self.calls = calls
        self.project = project
    }

    /// How a run begins.
    package enum Start: Sendable, Hashable {
        /// The unfinished run of the same file, or a new one; a finished one shows its result.
        case continueOrNew
        case new
    }

    package struct Finished: Sendable {
        package let result: RunResult
        package let status: ExperimentStatus
        /// True: the run had ended before, and nothing was asked for.
        package let wasFinished: Bool
        package let isWaiting: Bool
    }

    package func refine(
        _ definition: ExperimentDefinition, start: Start, reviewer: any Reviewer,
        report: @escaping @Sendable (RunEvent) -> Void
    ) async throws -> Finished {
        try await perform(definition, kind: .refine, start: start, reviewer: reviewer, report: report) { context in
            try await RefinementLoop(context).run()
        }
    }

    /// The newest run that is not finished: of this file, or of any.
    package func unfinished(file: String?) async throws -> (String, Experiment.Kind)? {
        try await ExperimentCatalog(database: database, project: project).unfinished(file: file)
    }

    /// Finds or makes the run, does what is left of it, and ends it with a result whatever happens.
    func perform(
        _ definition: ExperimentDefinition, kind: Experiment.Kind, start: Start, reviewer: any Reviewer,
        report: @escaping @Sendable (RunEvent) -> Void,
        work: @escaping @Sendable (RunContext) async throws -> RunOutcome
    ) async throws -> Finished {
        let catalog = ExperimentCatalog(database: database, project: project)
        let found = try await catalog.findOrCreate(definition, kind: kind, start: start)
        if let result = found.finishedResult(limits: definition.stop) {
            return Finished(result: result, status: found.experiment.status, wasFinished: true, isWaiting: false)
        }
        let context = try await context(found, definition, reviewer: reviewer, report: report)
        try await calls.recover(scope: found.experiment.id.text)
        report(
            .started(
                RunEvent.SplitCounts(
                    search: context.cases.search.count, holdout: context.cases.holdout.count,
                    reserve: context.cases.reserve.count), resumed: found.isResumed))
        return try await run(context, work)
    }

    private func run(
        _ context: RunContext, _ work: @escaping @Sendable (RunContext) async throws -> RunOutcome
    ) async throws -> Finished {
        let began = ContinuousClock.now
        try await context.store.setStatus(.running, stopReason: nil)
        do {
            let outcome = try await work(context)
            return try await close(context, outcome, status: .completed, reason: outcome.stopReason, since: began)
        } catch is AwaitingReview {
            return try await close(context, nil, status: .paused, reason: nil, since: began, isWaiting: true)
        } catch is CancellationError {
            // Stored even though this task is cancelled: what was paid for must be in the file.
            return try await uncancelled {
                try await close(context, nil, status: .paused, reason: .cancelled, since: began)
            }
        } catch {
            try? await context.store.setStatus(.failed, stopReason: .errors)
            throw error
        }
    }

    private func close(
        _ context: RunContext, _ outcome: RunOutcome?, status: ExperimentStatus, reason: StopReason?,
        since began: ContinuousClock.Instant, isWaiting: Bool = false
    ) async throws -> Finished {
        let totals = try await calls.totals(scope: context.experiment.text)
        let builder = ResultBuilder(context: context, totals: totals, duration: began.duration(to: .now))
        let result = try await builder.result(outcome, state: nil, status: status, stopReason: reason)
        try await context.store.setStatus(status, stopReason: reason)
        try await context.store.saveResult(.object(result.json))
        return Finished(result: result, status: status, wasFinished: false, isWaiting: isWaiting)
    }

    private func context(
        _ found: ExperimentCatalog.Found, _ definition: ExperimentDefinition, reviewer: any Reviewer,
        report: @escaping @Sendable (RunEvent) -> Void
    ) async throws -> RunContext {
        var definition = definition
        definition.cases = found.cases
        let clusters = Set(found.cases.map(\.clusterKey)).count
        let shares = SplitShares.standard(
            clusters: clusters, holdout: definition.holdout, reserve: definition.reserve)
        let splits = CaseSplitter.split(found.cases, shares: shares, seed: definition.seed)
        let budget = try await calls.budget(
            scope: found.experiment.id.text, limit: definition.stop.maxBudget, tokens: definition.stop.maxTokens,
            calls: definition.stop.maxCalls)
        let run = EvaluationRun(
            scope: found.experiment.id.text, goal: definition.goal, rubric: definition.rubric,
            models: definition.models, judges: definition.judges, budgets: [budget], seed: definition.seed)
        let store = ExperimentStore(experiment: found.experiment.id, prompt: found.prompt, database: database)
        let structured = StructuredCalls(models: calls)
        let evaluator = Evaluator(
            run: run, calls: structured, memo: try await store.memo(), store: store, width: definition.loop.concurrency)
        return RunContext(
            experiment: found.experiment.id, definition: definition, run: run, evaluator: evaluator,
            calls: structured, store: store, cases: SplitCases(found.cases, splits: splits), reviewer: reviewer,
            report: report)
    }
}
