import EdisonCore
import EdisonDatasets
import EdisonEvaluation
package import EdisonPrompts

/// The prompt that harder cases are looked for, and what is known of it: the best version of a finished run, or the
/// prompt of the file.
package struct GenerationSubject: Sendable {
    /// The definition with everything that a model has drafted for the run.
    package let definition: ExperimentDefinition
    package let version: PromptVersion
    /// nil = no finished run, so the prompt of the file.
    package let run: Experiment.ID?
    let cases: SplitCases
    let outputs: [Output]
    let judgments: [Judgment]
    let ensemble: Ensemble
    let project: String

    /// Names the calls of the generation for ever: of the same prompt, cases, models and seed they are the same.
    var scope: String {
        let parts = [
            project, definition.identity(kind: .refine).text, run?.text ?? "", version.versionHash.text,
        ]
        return Self.scopes(of: run) + ContentHash(of: parts.joined(separator: "/")).text
    }

    /// How the scopes of all generations for a run begin, so that they go with it.
    static func scopes(of run: Experiment.ID?) -> String { "generate:\(run?.text ?? "file"):" }

    /// Search cases that every model and every pointwise judge have been asked about.
    func complete(_ scores: SubjectScores) -> [TestCase] { cases.search.filter(scores.isComplete) }

    /// How many search cases the prompt is measured on at least, where there are as many: from 20 on intervals are
    /// bootstrapped (`docs/concepts/statistics.md`).
    static let measuredCases = 20

    /// Cases that have to be answered before the prompt's usual score is known.
    package var missingCases: Int {
        let scores = SubjectScores(self, outputs: outputs, judgments: judgments)
        return max(0, min(Self.measuredCases, cases.search.count) - complete(scores).count)
    }
}

extension GenerationSubject {
    /// The best version of a run, with the answers that it has.
    static func best(
        of found: ExperimentCatalog.Found, _ definition: ExperimentDefinition, _ store: ExperimentStore, project: String
    ) async throws -> GenerationSubject? {
        guard let result = found.result, let best = result.best, let id = best["id"]?.string,
            let content = best["content"]
        else { return nil }
        var definition = definition
        definition.cases = found.cases
        if let drafts = found.drafts { definition.take(drafts) }
        let version = PromptVersion(
            id: ID(id), promptID: found.prompt, number: best["number"]?.int ?? 1, parentID: nil,
            content: PromptContent(json: content), message: best["note"]?.string ?? "", createdAt: .now)
        let everything = await (try store.memo()).everything
        return GenerationSubject(
            definition: definition, version: version, run: found.experiment.id,
            cases: SplitCases(definition.cases, splits: try definition.splits()), outputs: everything.outputs,
            judgments: everything.judgments, ensemble: Ensemble(result: result, judges: definition.pointwiseJudges),
            project: project)
    }

    /// The prompt of the file, of which nothing is known yet.
    static func prompt(
        of definition: ExperimentDefinition, project: String
    ) throws(EdisonError) -> GenerationSubject {
        var definition = definition
        // Nothing of it is stored but the calls, so the ids are made of what they name: the same file again finds them.
        definition.cases = definition.cases.map { testCase in
            var testCase = testCase
            testCase.id = testCase.idOfContent
            return testCase
        }
        let version = PromptVersion(
            id: ID(definition.prompt.versionHash.text), promptID: ID(definition.prompt.versionHash.text), number: 1,
            parentID: nil, content: definition.prompt, message: "the prompt of the file", createdAt: .now)
        return GenerationSubject(
            definition: definition, version: version, run: nil,
            cases: SplitCases(definition.cases, splits: try definition.splits()), outputs: [], judgments: [],
            ensemble: .equal(definition.pointwiseJudges), project: project)
    }
}

extension TestCase {
    var idOfContent: TestCase.ID { TestCase.ID(ContentHash(of: key).text) }
}

extension ExperimentDefinition {
    var pointwiseJudges: [String] { judges.filter { $0.judge.mode == .pointwise }.map(\.judge.name) }
}

extension Ensemble {
    /// As a run has left it.
    init(result: RunResult, judges: [String]) {
        func table(_ key: String) -> [String: Double] {
            Dictionary(
                (result.json[key]?.object?.members ?? []).compactMap { name, value in value.double.map { (name, $0) } },
                uniquingKeysWith: { first, _ in first })
        }
        self.init(weights: table("judge_weights"), offsets: table("judge_offsets"))
        if weights.isEmpty { self = .equal(judges) }
    }
}
