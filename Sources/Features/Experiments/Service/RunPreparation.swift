import EdisonCore
import EdisonDatasets
import EdisonEvaluation
import EdisonEvents
import EdisonLLM
import EdisonPrompts
import EdisonSQL

/// Makes a stored run ready to work on: budget, drafts that are still missing, splits, and what was done before.
struct RunPreparation: Sendable {
    let catalog: ExperimentCatalog
    let calls: ModelCalls
    let database: Database
    let events: EventLog
    let reviewer: any Reviewer
    let report: @Sendable (RunEvent) -> Void

    func context(
        _ found: ExperimentCatalog.Found, _ asked: ExperimentDefinition
    ) async throws -> RunContext {
        let scope = found.experiment.id.text
        let budget = try await calls.budget(
            scope: scope, limit: asked.stop.maxBudget, tokens: asked.stop.maxTokens, calls: asked.stop.maxCalls)
        let definition = try await drafted(found, asked, budget: budget)
        let run = EvaluationRun(
            scope: scope, goal: definition.goal, rubric: definition.rubric, models: definition.models,
            judges: definition.judges, budgets: [budget], seed: definition.seed)
        let store = ExperimentStore(
            experiment: found.experiment.id, prompt: found.prompt, database: database, events: events)
        if found.experiment.status == .failed {
            try await store.forgetFailures()
            try await calls.forgetFailures(scope: scope)
        }
        let structured = StructuredCalls(models: calls)
        let evaluator = Evaluator(
            run: run, calls: structured, memo: try await store.memo(), store: store,
            gate: ConcurrencyGate(width: definition.loop.concurrency, deadline: deadline(found, definition.stop)))
        let cases = SplitCases(definition.cases, splits: definition.splits)
        report(
            .started(
                RunEvent.SplitCounts(
                    search: cases.search.count, holdout: cases.holdout.count, reserve: cases.reserve.count),
                resumed: found.isResumed))
        return RunContext(
            experiment: found.experiment.id, definition: definition, run: run, evaluator: evaluator,
            calls: structured, store: store, cases: cases, reviewer: reviewer, report: report)
    }

    /// What earlier sittings took counts: the limit is the run's, not the process's.
    private func deadline(_ found: ExperimentCatalog.Found, _ rules: StopRules) -> ContinuousClock.Instant? {
        rules.maxDuration.map { .now + ($0 - (found.result?.duration ?? .zero)) }
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
