package import EdisonCore
package import EdisonDatasets
package import EdisonEvaluation
import EdisonLLM
package import EdisonPrompts

/// Scores of versions on cases, computed from outputs and judgments: the single place where a figure of a run comes
/// from.
package struct Scoreboard: Sendable {
    package let rubric: Rubric
    package let scoring: Scoring
    package let models: [String]
    private let outputs: [OutputKey: Output]
    private let comparison: OutputComparison.Kind?
    private let similarities: [Output.ID: Double]
    private let judgments: [Output.ID: [Judgment]]
    private let scans: [ContentHash: SafetyScan]

    package init(
        rubric: Rubric, ensemble: Ensemble, models: [String], outputs: [Output], judgments: [Judgment],
        comparison: OutputComparison.Kind? = nil, similarities: [Output.ID: Double] = [:],
        scans: [ContentHash: SafetyScan] = [:]
    ) {
        self.scans = scans
        self.rubric = rubric
        self.comparison = comparison
        self.similarities = similarities
        scoring = Scoring(rubric: rubric, ensemble: ensemble)
        self.models = models
        self.outputs = Dictionary(outputs.map { ($0.key, $0) }, uniquingKeysWith: { first, _ in first })
        var byOutput: [Output.ID: [Judgment]] = [:]
        for judgment in judgments where judgment.mode == .pointwise {
            byOutput[judgment.outputID, default: []].append(judgment)
        }
        self.judgments = byOutput.mapValues { $0.sorted { bytewise($0.judge, $1.judge) } }
    }

    package func output(_ version: PromptVersion.ID, _ testCase: TestCase, model: String, replicate: Int = 0) -> Output?
    {
        outputs[OutputKey(version: version.text, caseID: testCase.id.text, model: model, replicate: replicate)]
    }

    package func output(_ key: OutputKey) -> Output? { outputs[key] }

    package func judgments(of output: Output) -> [Judgment] { judgments[output.id] ?? [] }

    /// What the safety scan saw in the output; nil when it was not scanned.
    package func scan(of output: Output) -> SafetyScan? { output.text.flatMap { scans[ContentHash(of: $0)] } }

    /// The outcome of the deterministic criteria, by name; criteria that do not apply to the case are absent.
    package func checks(of output: Output, on testCase: TestCase) -> [String: Bool] {
        guard let text = output.text else { return [:] }
        var results: [String: Bool] = [:]
        for criterion in rubric.checked {
            guard let check = criterion.check else { continue }
            switch check.evaluate(text, expected: testCase.expected) {
            case .passed: results[criterion.name] = true
            case .failed: results[criterion.name] = false
            case .notApplicable: break
            }
        }
        return results
    }

    /// Whether all checks that the case itself brings are passed; nil when it has none.
    package func ownChecks(of output: Output, on testCase: TestCase) -> Bool? {
        guard let text = output.text, !testCase.checks.isEmpty else { return nil }
        return testCase.checks.allSatisfy { json in
            guard let check = try? Check(json: json) else { return false }
            if case .failed = check.evaluate(text, expected: testCase.expected) { return false }
            return true
        }
    }

    /// How far the output is what was expected, 0 to 1; nil when nothing is expected or nothing was compared. Shown
    /// beside the score, never part of it (requirement D16).
    package func match(of output: Output, on testCase: TestCase) -> Double? {
        guard let comparison, let text = output.text, let expected = testCase.expected else { return nil }
        return switch comparison {
        case .exact: Check.isEqual(text, expected) ? 1 : 0
        case .json: Self.isSameJSON(text, expected) ? 1 : 0
        case .semantic: similarities[output.id]
        }
    }

    /// By content, whatever the order of keys and the white space; fences and prose around the JSON do not count.
    private static func isSameJSON(_ text: String, _ expected: JSONValue) -> Bool {
        let wanted = expected.string.flatMap { try? JSONValue(parsing: $0) } ?? expected
        let given = (try? JSONValue(parsing: text)) ?? StructuredAnswer.json(in: text)
        return given?.text(.canonical) == wanted.text(.canonical)
    }

    /// The score of one output on 0 to 1; nil = missing.
    package func score(of output: Output, on testCase: TestCase, judges: Set<String>? = nil) -> Double? {
        guard output.text != nil else { return nil }
        if ownChecks(of: output, on: testCase) == false { return 0 }
        return scoring.score(judgments(of: output), checks: checks(of: output, on: testCase), judges: judges)
    }

    /// The score of a version on a case: replicates are averaged inside a model, then the models.
    package func score(
        _ version: PromptVersion.ID, on testCase: TestCase, models: [String]? = nil, replicates: [Int] = [0],
        judges: Set<String>? = nil
    ) -> Double? {
        let perModel = (models ?? self.models).compactMap { model -> Double? in
            let scores = replicates.compactMap { replicate in
                output(version, testCase, model: model, replicate: replicate)
                    .flatMap { score(of: $0, on: testCase, judges: judges) }
            }
            return scores.isEmpty ? nil : scores.reduce(0, +) / Double(scores.count)
        }
        return perModel.isEmpty ? nil : perModel.reduce(0, +) / Double(perModel.count)
    }
}
