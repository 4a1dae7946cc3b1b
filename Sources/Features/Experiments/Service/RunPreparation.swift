import EdisonCore
import EdisonDatasets
import EdisonEvaluation
import EdisonEvents
import EdisonJobs
import EdisonLLM
import EdisonPrompts
import EdisonSQL

/// Makes a stored run ready to work on: budget, drafts that are still missing, splits, and what was done before.
struct RunPreparation: Sendable {
    let catalog: ExperimentCatalog
    let calls: ModelCalls
    let database: Database
    let events: EventLog
    let queue: JobQueue
    let reviewer: any Reviewer
    let report: @Sendable (RunEvent) -> Void

    /// Of the process that leads the run: sets its limit, and has written what is still missing.
    ///
    /// - Parameter hasTakenPart: another process led the run, whose limits then hold where they are lower.
    func context(
        _ found: ExperimentCatalog.Found, _ asked: ExperimentDefinition, _ clock: SittingClock, hasTakenPart: Bool
    ) async throws -> RunContext {
        let scope = found.experiment.id.text
        let budget = try await calls.budget(
            scope: scope, limit: asked.stop.maxBudget, tokens: asked.stop.maxTokens, calls: asked.stop.maxCalls,
            onlyLowering: hasTakenPart)
        let definition = try await drafted(found, asked, budget: budget)
        let store = store(of: found)
        if found.experiment.status == .failed {
            try await store.forgetFailures()
            try await calls.forgetFailures(scope: scope)
        }
        let context = try await context(found, definition, budget, store, clock)
        let earlierTests = try await store.earlierTests(on: context.cases.holdout)
        var counts = RunEvent.SplitCounts(
            search: context.cases.search.count, holdout: context.cases.holdout.count,
            reserve: context.cases.reserve.count)
        counts.isReserveTested = definition.confirmOn == .reserve
        counts.isEvaluation = found.experiment.kind == .eval
        counts.storedIterations = try await store.completedIterations()
        report(.started(counts, resumed: found.isResumed))
        if earlierTests > 0 {
            let reserve = context.cases.reserve
            let isUnseen = try await reserve.isEmpty ? false : store.earlierTests(on: reserve) == 0
            report(.wornHoldout(tests: earlierTests, isReserveUnseen: isUnseen))
        }
        return context
    }

    /// Of a process that takes part in a run that another one leads; nil while that one still prepares it.
    func joiningContext(
        _ found: ExperimentCatalog.Found, _ asked: ExperimentDefinition
    ) async throws -> RunContext? {
        let scope = found.experiment.id.text
        guard found.experiment.status == .running, try await calls.budget(scope: scope) != nil else { return nil }
        // The lowest limit of all who take part is the run's.
        let budget = try await calls.budget(
            scope: scope, limit: asked.stop.maxBudget, tokens: asked.stop.maxTokens, calls: asked.stop.maxCalls,
            onlyLowering: true)
        var definition = asked
        definition.cases = found.cases
        if asked.drafting != nil {
            guard let drafts = found.drafts else { return nil }
            definition.take(drafts)
        }
        let clock = SittingClock(before: found.elapsed)
        return try await context(found, definition, budget, store(of: found), clock, isLeading: false)
    }

    private func store(of found: ExperimentCatalog.Found) -> ExperimentStore {
        ExperimentStore(experiment: found.experiment.id, prompt: found.prompt, database: database, events: events)
    }

    private func context(
        _ found: ExperimentCatalog.Found, _ definition: ExperimentDefinition, _ budget: Budget.ID,
        _ store: ExperimentStore, _ clock: SittingClock, isLeading: Bool = true
    ) async throws -> RunContext {
        let run = EvaluationRun(
            scope: found.experiment.id.text, goal: definition.goal, rubric: definition.rubric,
            models: definition.models, judges: definition.judges, scanner: definition.scanner, budgets: [budget],
            seed: definition.seed)
        let evaluator = Evaluator(
            run: run, calls: StructuredCalls(models: calls.ending(at: definition.stop.maxDuration.map(clock.reaches))),
            memo: try await store.memo(), store: store, gate: ConcurrencyGate(width: definition.loop.concurrency),
            recordsFailures: isLeading)
        return RunContext(
            experiment: found.experiment.id, definition: definition, evaluator: evaluator, store: store,
            cases: SplitCases(definition.cases, splits: try definition.splits()), queue: queue, isLeading: isLeading,
            reviewer: reviewer, report: report)
    }

    /// The definition with the stored cases, and with what a model was asked to write: taken from the store when it is
    /// there, else written now, under the run's budget.
    private func drafted(
        _ found: ExperimentCatalog.Found, _ asked: ExperimentDefinition, budget: Budget.ID
    ) async throws -> ExperimentDefinition {
        var definition = asked
        definition.cases = found.cases
        guard let request = asked.drafting else { return definition }
        if let drafts = found.drafts {
            definition.take(drafts)
            return definition
        }
        guard let model = asked.refiner ?? asked.models.first else { return definition }
        report(.drafting(model: model.reference.model))
        let drafting = Drafting(calls: calls, model: model, scope: found.experiment.id.text, budgets: [budget])
        definition = try await drafting.complete(definition, request)
        try await catalog.store(definition, draftedFor: found)
        return definition
    }
}
