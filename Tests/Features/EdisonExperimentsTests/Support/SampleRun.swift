import EdisonCore
import EdisonDatasets
import EdisonEvaluation
import EdisonEvents
import EdisonJobs
import EdisonLLM
import EdisonPrompts
import EdisonSQL
import EdisonSchema
import EdisonTestKit

@testable import EdisonExperiments

/// A run whose scores are given instead of asked for: for the steps that only reckon.
enum SampleRun {
    static func version(_ number: Int, parent: PromptVersion.ID? = nil) -> LoopVersion {
        let content = PromptContent(
            text: "Answer.\n" + String(repeating: "Rule: go on.\n", count: number - 1) + "{{message}}")
        let version = PromptVersion(
            id: IDSource.random.next(), promptID: ID("p"), number: number, parentID: parent, content: content,
            message: "", createdAt: .now)
        return LoopVersion(
            version: version, number: number, parentID: parent, iteration: 0, status: number == 1 ? .seed : .candidate,
            diff: "", note: "", edits: [], targetCriteria: [])
    }

    static func output(_ version: LoopVersion, _ testCase: TestCase, text: String? = "ok", model: String = "writer")
        -> Output
    {
        Output(
            id: IDSource.random.next(),
            key: OutputKey(version: version.version.id.text, caseID: testCase.id.text, model: model), text: text,
            error: text == nil ? "out of order" : nil, cached: false, inputTokens: 1, outputTokens: 1,
            cost: Money(nanodollars: 1), latency: .milliseconds(1))
    }

    /// A judgment on the scale 0 to 5 of `Sample.rubric`.
    static func judgment(_ output: Output, score: Double?, judge: String = "judge") -> Judgment {
        Judgment(
            id: IDSource.random.next(), outputID: output.id, judge: judge, mode: .pointwise,
            scores: score.map { ["Quality": $0 * 5] } ?? [:], valid: score != nil,
            invalidReason: score == nil ? "no number" : nil, cost: Money(nanodollars: 1))
    }

    static func scoreboard(
        _ outputs: [Output], _ judgments: [Judgment], ensemble: Ensemble = .equal(["judge"])
    ) -> Scoreboard {
        Scoreboard(
            rubric: Sample.rubric, ensemble: ensemble, models: ["writer"], outputs: outputs, judgments: judgments)
    }

    /// The context of a run over an empty database, in which no model answers.
    static func context(
        _ definition: ExperimentDefinition, splits: [TestCase.ID: Split] = [:], _ use: (RunContext) async throws -> Void
    ) async throws {
        try await TestDatabase.sqlite.migrated { database in
            let transport = HTTPTransport()
            let calls = StructuredCalls(
                models: ModelCalls(database: database, providers: ProviderCatalog.providers(transport)))
            let id: Experiment.ID = IDSource.random.next()
            let run = EvaluationRun(
                scope: id.text, goal: definition.goal, rubric: definition.rubric, models: definition.models,
                judges: definition.judges, budgets: [], seed: definition.seed)
            let store = ExperimentStore(
                experiment: id, prompt: ID("p"), database: database, events: EventLog(database: database))
            let context = RunContext(
                experiment: id, definition: definition,
                evaluator: Evaluator(
                    run: run, calls: calls, memo: EvaluationMemo(), store: store, gate: ConcurrencyGate(width: 1)),
                store: store, cases: SplitCases(definition.cases, splits: splits),
                queue: JobQueue(database: database), isLeading: true, reviewer: NoReviewer(), report: { _ in })
            try await use(context)
            await transport.shutdown()
        }
    }
}
