import EdisonCore
import EdisonDatasets
import EdisonEvaluation
import EdisonLLM
import EdisonPrompts
import Foundation

/// Has the pairwise judges compare two versions on common cases, in both orders.
struct PairwiseStep: Sendable {
    let context: RunContext

    /// nil when the run has no pairwise judge.
    func compare(
        _ version: LoopVersion, with other: LoopVersion, on cases: [TestCase], models: [String], split: Split = .search
    ) async throws -> PairwiseRecord? {
        try await compare(version, with: other, on: cases, configurations: models.map { ($0, $0) }, split: split)
    }

    /// - Parameter configurations: by which model each side's outputs were made.
    func compare(
        _ version: LoopVersion, with other: LoopVersion, on cases: [TestCase],
        configurations: [(mine: String, other: String)], split: Split = .search
    ) async throws -> PairwiseRecord? {
        let judges = context.definition.judges.filter { $0.judge.mode == .pairwise }
        guard !judges.isEmpty, !cases.isEmpty else { return nil }
        let pairs = await pairs(version, other, cases, configurations)
        let jobs = pairs.flatMap { pair in judges.map { (pair, $0) } }
        let verdicts = try await withThrowingTaskGroup(of: (Int, [Judgment]).self) { group in
            for (index, job) in jobs.enumerated() {
                group.addTask { (index, try await bothOrders(job.0, job.1)) }
            }
            var verdicts: [Int: [Judgment]] = [:]
            for try await (index, judgments) in group { verdicts[index] = judgments }
            return verdicts
        }
        var record = PairwiseRecord(version: version.version.id, other: other.version.id, split: split.rawValue)
        for (index, job) in jobs.enumerated() {
            count(
                verdicts[index] ?? [], of: job.0,
                &record.perJudge[job.1.judge.name, default: PairwiseTally()])
        }
        return record
    }

    /// Pairwise judges may veto, and never enter the composite; those that contradict themselves have no say.
    static func veto(_ record: PairwiseRecord, known: [PairwiseRecord]) -> String? {
        let total = record.total(without: (known + [record]).unreliableJudges)
        guard total.pairs >= 4, let interval = total.interval, interval.upperBound < 0.5, let rate = total.winRate
        else { return nil }
        return "vetoed: pairwise judges prefer the older version (win rate \(String(format: "%.2f", rate)))"
    }

    private struct Pair: Sendable {
        let testCase: TestCase
        let mine: Output
        let other: Output
    }

    private func pairs(
        _ version: LoopVersion, _ other: LoopVersion, _ cases: [TestCase],
        _ configurations: [(mine: String, other: String)]
    ) async -> [Pair] {
        let keys = cases.flatMap { testCase in configurations.map { (testCase, $0) } }
        var pairs: [Pair] = []
        for (testCase, models) in keys {
            let cells = [(version, models.mine), (other, models.other)].map {
                Cell(version: $0.0.version, testCase: testCase, model: $0.1)
            }
            guard let mine = await context.evaluator.memo.output(cells[0].key), mine.text != nil,
                let theirs = await context.evaluator.memo.output(cells[1].key), theirs.text != nil
            else { continue }
            pairs.append(Pair(testCase: testCase, mine: mine, other: theirs))
        }
        return pairs
    }

    private func bothOrders(_ pair: Pair, _ judge: RunJudge) async throws -> [Judgment] {
        var judgments: [Judgment] = []
        for order in [1, 2] { judgments.append(try await judgment(pair, judge, order: order)) }
        return judgments
    }

    private func judgment(_ pair: Pair, _ judge: RunJudge, order: Int) async throws -> Judgment {
        let first = order == 1 ? pair.mine : pair.other
        let second = order == 1 ? pair.other : pair.mine
        let key = EvaluationMemo.PairKey(judge: judge.judge.name, first: first.id, second: second.id)
        if let known = await context.evaluator.memo.comparison(key) { return known }
        let contract = ComparisonContract(goal: context.definition.goal, rubric: context.definition.rubric)
        let request = try contract.request(
            judge: judge.judge,
            case: JudgedCase(input: .object(pair.testCase.input), expected: pair.testCase.expected),
            first: first.text ?? "", second: second.text ?? "")
        let seed = DerivedSeed(context.definition.seed, "judge", judge.judge.name)
        let outcome = try await context.evaluator.gate.pass {
            try await context.calls.ask(
                request, run: context.run, model: judge.model, temperature: judge.judge.temperature, purpose: .judge,
                parts: ["pairwise", judge.judge.name, first.id.text, second.id.text], seed: seed,
                combine: { ComparisonContract.agreed($0) })
        }
        let judgment = Judgment(
            id: context.evaluator.ids.next(), outputID: pair.mine.id, otherOutputID: pair.other.id,
            judge: judge.judge.name, mode: .pairwise, order: order,
            rationales: ["overall": String((outcome.answer?["rationale"]?.string ?? "").prefix(500))],
            winner: outcome.answer.flatMap { ComparisonContract.winner(in: $0) },
            reasoning: outcome.reasoning, valid: outcome.answer != nil,
            invalidReason: outcome.failure, cost: outcome.cost)
        try await context.evaluator.store.record(judgment)
        await context.evaluator.memo.add(judgment)
        return judgment
    }

    private func count(_ judgments: [Judgment], of pair: Pair, _ tally: inout PairwiseTally) {
        let valid = judgments.filter(\.valid)
        guard valid.count == 2 else { return }
        let points = valid.map { judgment -> Double in
            switch judgment.winner {
            case .first: judgment.order == 1 ? 1 : 0
            case .second: judgment.order == 1 ? 0 : 1
            case .tie, nil: 0.5
            }
        }
        tally.count(
            points: (points[0], points[1]), firstSlot: valid.count { $0.winner == .first },
            decided: valid.count { $0.winner != .tie }, testCase: pair.testCase.key,
            logLengthGap: log(Self.length(of: pair.mine)) - log(Self.length(of: pair.other)))
    }

    private static func length(of output: Output) -> Double { Double(max(1, output.text?.count ?? 0)) }
}
