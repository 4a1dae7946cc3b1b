import EdisonCore
import EdisonDatasets
import EdisonEvaluation
import EdisonPrompts

/// What the answers of one prompt are worth, read from outputs and judgments.
struct SubjectScores: Sendable {
    private let subject: GenerationSubject
    private let board: Scoreboard
    private var definition: ExperimentDefinition { subject.definition }

    init(_ subject: GenerationSubject, outputs: [Output], judgments: [Judgment]) {
        self.subject = subject
        board = Scoreboard(
            rubric: subject.definition.rubric, ensemble: subject.ensemble,
            models: subject.definition.models.map(\.name), outputs: outputs, judgments: judgments)
    }

    /// Whether every model has answered and every pointwise judge was asked.
    func isComplete(_ testCase: TestCase) -> Bool {
        let outputs = outputs(on: testCase)
        return outputs.count == definition.models.count
            && outputs.allSatisfy { output in
                output.text == nil
                    || Set(board.judgments(of: output).map(\.judge)).isSuperset(of: definition.pointwiseJudges)
            }
    }

    func score(_ testCase: TestCase, replicate: Int = 0) -> Double? {
        board.score(subject.version.id, on: testCase, replicates: [replicate])
    }

    func hasOutput(_ testCase: TestCase) -> Bool { outputs(on: testCase).contains { $0.text != nil } }

    func error(_ testCase: TestCase) -> String? { outputs(on: testCase).compactMap(\.error).first }

    /// Why a judgment could not be used.
    func fault(_ testCase: TestCase) -> String? {
        outputs(on: testCase).flatMap { board.judgments(of: $0) }.compactMap { judgment in
            judgment.invalidReason.map { "judge \(judgment.judge): \($0)" }
        }.first
    }

    /// Whether a gate of the rubric, or a check of the case's own, failed with any model.
    func hasGateFailed(_ testCase: TestCase) -> Bool {
        outputs(on: testCase).contains { output in
            let checks = board.checks(of: output, on: testCase)
            return board.ownChecks(of: output, on: testCase) == false
                || definition.rubric.checked.contains { $0.gate && checks[$0.name] == false }
        }
    }

    /// The criterion that costs most of the score, among those that score half of their scale or less; nil = none does.
    func failure(_ testCase: TestCase) -> String? {
        let losses = definition.rubric.criteria.compactMap { criterion -> (name: String, loss: Double)? in
            guard let score = criterionScore(criterion.name, testCase), score <= 0.5 else { return nil }
            return (criterion.name, criterion.weight * (1 - score))
        }
        return losses.max { $0.loss != $1.loss ? $0.loss < $1.loss : bytewise($1.name, $0.name) }?.name
    }

    func outcome(_ testCase: TestCase) -> CoverageMap.Outcome {
        score(testCase) == nil ? .unmeasured : .measured(failure: failure(testCase))
    }

    func text(_ testCase: TestCase) -> String { outputs(on: testCase).compactMap(\.text).first ?? "" }

    /// The first judge's words about a criterion.
    func rationale(_ testCase: TestCase, _ criterion: String?) -> String {
        guard let criterion else { return "" }
        let judgments = outputs(on: testCase).flatMap { board.judgments(of: $0) }.filter(\.valid)
        return judgments.compactMap { $0.rationales[criterion] }.first { !$0.isEmpty } ?? ""
    }

    private func criterionScore(_ name: String, _ testCase: TestCase) -> Double? {
        let scores = outputs(on: testCase).compactMap { output in
            board.scoring.criterionScore(
                name, board.judgments(of: output), checks: board.checks(of: output, on: testCase))
        }
        return scores.isEmpty ? nil : scores.reduce(0, +) / Double(scores.count)
    }

    private func outputs(on testCase: TestCase) -> [Output] {
        definition.models.compactMap { board.output(subject.version.id, testCase, model: $0.name) }
    }
}
