import EdisonCore
package import EdisonDatasets
package import EdisonEvaluation
package import EdisonJobs
package import EdisonLLM
import EdisonPrompts

/// What the steps of one run share: the frozen definition, the splits, and the ways to evaluate, ask and record.
package struct RunContext: Sendable {
    package let experiment: Experiment.ID
    package let definition: ExperimentDefinition
    package let run: EvaluationRun
    package let evaluator: Evaluator
    let shared: SharedEvaluation
    package let calls: StructuredCalls
    package let store: ExperimentStore
    package let cases: SplitCases
    package let reviewer: any Reviewer
    package let report: @Sendable (RunEvent) -> Void
    package let progress = RunProgress()

    package init(
        experiment: Experiment.ID, definition: ExperimentDefinition, evaluator: Evaluator, store: ExperimentStore,
        cases: SplitCases, queue: JobQueue, isLeading: Bool, reviewer: any Reviewer,
        report: @escaping @Sendable (RunEvent) -> Void
    ) {
        self.experiment = experiment
        self.definition = definition
        self.evaluator = evaluator
        self.store = store
        self.cases = cases
        self.reviewer = reviewer
        self.report = report
        run = evaluator.run
        calls = evaluator.calls
        shared = SharedEvaluation(
            evaluator: evaluator, store: store, queue: queue, cases: definition.cases,
            concurrency: definition.loop.concurrency, isLeading: isLeading)
    }

    package var settings: LoopSettings { definition.loop }
    package var mode: LoopSettings.Mode { definition.mode }
    package var patience: Int { definition.stop.patience ?? (mode == .racing ? 8 : 3) }
    package var modelNames: [String] { definition.models.map(\.name) }
    package var primaryModel: String { definition.models.first?.name ?? "" }
    package var pointwiseJudges: [String] {
        definition.judges.filter { $0.judge.mode == .pointwise }.map(\.judge.name)
    }
    /// The cheap judge of the races: the first pointwise one of the file.
    package var searchJudge: Set<String> { Set(pointwiseJudges.prefix(1)) }
    package var allJudges: Set<String> { Set(pointwiseJudges) }
    /// Who judges the test at the end: judges of a model's own family are left out while others remain.
    package var promotionJudges: Set<String> {
        let unrelated = allJudges.subtracting(definition.relatedJudges)
        return unrelated.isEmpty ? allJudges : unrelated
    }
    package var replicates: [Int] { Array(0..<max(1, settings.replicates)) }

    /// What these versions answer to these cases: by every model, as often as the file says.
    func cells(of versions: [LoopVersion], on cases: [TestCase]) -> [Cell] {
        cases.flatMap { testCase in
            versions.flatMap { version in
                modelNames.flatMap { model in
                    replicates.map {
                        Cell(version: version.version, testCase: testCase, model: model, replicate: $0)
                    }
                }
            }
        }
    }

    package var guardian: ProposalGuard {
        ProposalGuard(
            goal: definition.goal, rubric: definition.rubric, settings: settings, cases: cases.search,
            seed: definition.prompt)
    }

    /// What the run has cost so far; nil = unknown.
    func spent() async throws -> Money? { try await calls.models.totals(scope: experiment.text).cost }

    /// All figures as of now, under the given weights of the judges.
    package func scoreboard(_ ensemble: Ensemble) async -> Scoreboard {
        let everything = await evaluator.memo.everything
        return Scoreboard(
            rubric: definition.rubric, ensemble: ensemble, models: modelNames, outputs: everything.outputs,
            judgments: everything.judgments, comparison: definition.compare?.kind,
            similarities: await evaluator.memo.allSimilarities, scans: await evaluator.memo.allScans)
    }
}

/// The cases of a run by split, each in an order that depends on content alone.
package struct SplitCases: Sendable {
    package let search: [TestCase]
    package let holdout: [TestCase]
    package let reserve: [TestCase]
    package let splits: [TestCase.ID: Split]

    package init(_ cases: [TestCase], splits: [TestCase.ID: Split]) {
        self.splits = splits
        search = cases.filter { splits[$0.id] == .search }
        holdout = cases.filter { splits[$0.id] == .holdout }
        reserve = cases.filter { splits[$0.id] == .reserve }
    }
}
