import EdisonCore
import EdisonDatasets
import EdisonEvaluation
import EdisonPrompts

/// Runs the incumbent on the cases that an iteration looks at, and gathers what the refiner is shown.
struct EvidenceStep: Sendable {
    let context: RunContext

    /// The cases that the incumbent is known by: all search cases in full mode; else, for a new incumbent, some that did
    /// not accept it, picked for the tags that are covered least; and for one that stays some more each round, where
    /// they narrow the mean most.
    func cases(_ state: LoopState) async -> [TestCase] {
        let search = context.cases.search
        let seed = context.definition.seed
        if context.mode == .full { return search }
        guard state.measured == state.incumbent else {
            return CaseOrder.evidence(
                search, avoiding: state[state.incumbent].acceptanceCases, count: context.settings.evidenceCases,
                seed: seed, iteration: state.iteration)
        }
        return await more(context.settings.newEvidenceCases, state)
    }

    /// On fewer cases a high mean is too often luck for a run to end on it.
    static let fewestForTarget = 8
    /// On fewer cases a few missing answers are too often chance for a run to end on them.
    static let fewestForErrors = 20

    /// The evidence so far and so many cases more.
    func more(_ count: Int, _ state: LoopState) async -> [TestCase] {
        let board = await context.scoreboard(state.ensemble)
        let scores = state.evidenceCases.compactMap { testCase in
            board.score(state.incumbent, on: testCase, replicates: context.replicates).map { (testCase.key, $0) }
        }
        return state.evidenceCases
            + EvidenceAllocation.next(
                context.cases.search, taken: state.evidenceCases,
                scores: Dictionary(scores, uniquingKeysWith: { first, _ in first }), count: count,
                seed: context.definition.seed)
    }

    /// How much of the search cases each of these stands for.
    func weights(of cases: [TestCase]) -> CaseWeights {
        context.mode == .full ? .equal : CaseWeights(of: cases, standingFor: context.cases.search)
    }

    func evaluate(
        _ version: LoopVersion, on cases: [TestCase], executed: @escaping @Sendable () async throws -> Void = {}
    ) async throws {
        try await context.shared.evaluate(
            context.cells(of: [version], on: cases), judges: context.allJudges, executed: executed)
    }

    /// The worst outputs with scores and rationales, a few good ones to protect, and what the judges suggest.
    func evidence(of version: LoopVersion, _ measured: MeasuredIncumbent, _ state: LoopState) -> RefinerEvidence {
        let board = measured.board
        let shown = answers(of: version, measured, state)
        var evidence = RefinerEvidence()
        let failures = Self.within(
            context.settings.evidenceTokens,
            shown.prefix(context.settings.shownFailures).map { json($0, board, withRationales: true) })
        evidence.failures = .array(failures)
        let successes = shown.dropFirst(failures.count).suffix(context.settings.shownSuccesses)
        evidence.successes = .array(successes.map { json($0, board, withRationales: false) })
        evidence.weakCriteria = weakCriteria(shown, board)
        evidence.suggestions = suggestions(shown, board)
        evidence.humanNotes = state.humanNotes
        evidence.history = history(state)
        return evidence
    }

    /// What it answered on the cases of the measurement, and in races, judged by those who were asked about it there: paid
    /// for, and as telling about what is wrong as any other answer. Those of races are no part of the measurement, since a
    /// version that won a race was lucky in it. The worst first.
    private func answers(of version: LoopVersion, _ measured: MeasuredIncumbent, _ state: LoopState) -> [Shown] {
        let isComplete = context.mode == .full || version.version.id == state.measured
        let cases = isComplete ? measured.cases : state.evidence[version.version.id] ?? []
        var asked = measured.raced.filter { $0.key.version.id == version.version.id }
        for cell in context.cells(of: [version], on: cases) {
            asked[cell] = cell.replicate == 0 ? context.allJudges : nil
        }
        return asked.compactMap { cell, judges -> Shown? in
            guard let output = measured.board.output(cell.key),
                let score = measured.board.score(of: output, on: cell.testCase, judges: judges)
            else { return nil }
            return Shown(testCase: cell.testCase, output: output, score: score, judges: judges)
        }.sorted {
            if $0.score != $1.score { return $0.score < $1.score }
            let (one, other) = ($0.output.key, $1.output.key)
            if one.replicate != other.replicate { return one.replicate < other.replicate }
            return $0.testCase.key != $1.testCase.key
                ? bytewise($0.testCase.key, $1.testCase.key) : bytewise(one.model, other.model)
        }
    }

    /// The worst first, as many as the budget of tokens takes; one at least.
    static func within(_ tokens: Int, _ rows: [JSONValue]) -> [JSONValue] {
        var left = tokens
        return Array(
            rows.enumerated().prefix { index, row in
                left -= row.text().utf8.count / 4
                return index == 0 || left >= 0
            }.map(\.element))
    }

    private struct Shown {
        let testCase: TestCase
        let output: Output
        let score: Double
        /// Who was asked about it.
        let judges: Set<String>

        func judgments(_ board: Scoreboard) -> [Judgment] {
            board.judgments(of: output).filter { judges.contains($0.judge) }
        }
    }

    private func json(_ shown: Shown, _ board: Scoreboard, withRationales: Bool) -> JSONValue {
        let judgments = shown.judgments(board)
        let checks = board.checks(of: shown.output, on: shown.testCase)
        var scores = JSONObject()
        var rationales = JSONObject()
        for criterion in context.definition.rubric.criteria {
            let score = board.scoring.criterionScore(criterion.name, judgments, checks: checks)
            scores[criterion.name] = score.map { .number(rounded($0)) }
            let words = judgments.filter(\.valid).compactMap { $0.rationales[criterion.name] }
            if !words.isEmpty { rationales[criterion.name] = .array(words.map { .string($0) }) }
        }
        var object: JSONObject = [
            "input": .object(shown.testCase.input), "output": .string(clipped(shown.output.text ?? "")),
            "score": .number(rounded(shown.score)), "scores": .object(scores),
        ]
        object["expected"] = shown.testCase.expected
        if withRationales { object["rationales"] = .object(rationales) }
        if withRationales, let scan = board.scan(of: shown.output), scan.flags.any {
            object["safety"] = [
                "flags": .array(scan.flags.raised.map { .string($0) }), "evidence": .string(scan.evidence),
            ]
        }
        return .object(object)
    }

    /// Criteria by the weighted room that they leave, largest first, each with its mean.
    private func weakCriteria(_ shown: [Shown], _ board: Scoreboard) -> JSONValue {
        let losses = context.definition.rubric.criteria.compactMap { criterion -> (Criterion, Double, Double)? in
            let scores = shown.compactMap {
                board.scoring.criterionScore(
                    criterion.name, $0.judgments(board), checks: board.checks(of: $0.output, on: $0.testCase)
                )
            }
            guard !scores.isEmpty else { return nil }
            let mean = scores.reduce(0, +) / Double(scores.count)
            return (criterion, mean, criterion.weight * (1 - mean))
        }
        let ordered = losses.sorted { $0.2 != $1.2 ? $0.2 > $1.2 : bytewise($0.0.name, $1.0.name) }
        return .array(
            ordered.map { criterion, mean, loss in
                ["criterion": .string(criterion.name), "mean": .number(rounded(mean)), "loss": .number(rounded(loss))]
            })
    }

    /// The judges' suggestions, merged: equal ones counted, the most frequent first.
    private func suggestions(_ shown: [Shown], _ board: Scoreboard) -> JSONValue {
        var counts: [JudgeSuggestion: Int] = [:]
        for suggestion in shown.flatMap({ $0.judgments(board) }).flatMap(\.suggestions) {
            counts[suggestion, default: 0] += 1
        }
        let ordered = counts.sorted { left, right in
            left.value != right.value
                ? left.value > right.value
                : bytewise(left.key.criterion + left.key.text, right.key.criterion + right.key.text)
        }
        return .array(
            ordered.prefix(20).map { suggestion, count in
                [
                    "criterion": .string(suggestion.criterion), "text": .string(suggestion.text),
                    "times": .integer(Int64(count)),
                ]
            })
    }

    private func history(_ state: LoopState) -> JSONValue {
        let fallen = state.history.filter { !$0.accepted }.suffix(5)
        let kept = state.history.filter(\.accepted).suffix(5)
        return .array(
            (kept + fallen).map { tried in
                [
                    "edit": tried.edit.json, "accepted": .bool(tried.accepted),
                    "delta": JSONValue(tried.delta.map(rounded)), "reason": .string(tried.reason),
                ]
            })
    }

    private func rounded(_ number: Double) -> Double { (number * 1000).rounded() / 1000 }

    private func clipped(_ text: String) -> String {
        text.count > 4_000 ? "\(text.prefix(4_000))… (\(text.count) characters in all)" : text
    }
}
