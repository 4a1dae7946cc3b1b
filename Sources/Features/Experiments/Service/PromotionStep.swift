import EdisonCore
import EdisonDatasets
import EdisonEvaluation
import EdisonPrompts
import EdisonStatistics

/// The one test at the end: the best incumbent against the first version on cases that the loop never saw.
struct PromotionStep: Sendable {
    let context: RunContext
    let ensemble: Ensemble

    func run(first: LoopVersion, best: LoopVersion) async throws -> (result: HoldoutResult, pairwise: PairwiseRecord?) {
        let cases = context.cases.holdout
        context.report(.confirming(cases: cases.count))
        let cells = cases.flatMap { testCase in
            [first, best].flatMap { version in
                context.modelNames.flatMap { model in
                    context.replicates.map { replicate in
                        Cell(version: version.version, testCase: testCase, model: model, replicate: replicate)
                    }
                }
            }
        }
        try await context.evaluator.evaluate(cells, judges: context.allJudges)
        let board = await context.scoreboard(ensemble)
        let pairwise = try await PairwiseStep(context: context)
            .compare(best, with: first, on: cases, models: context.modelNames, split: .holdout)
        return (judge(first: first, best: best, cases: cases, board: board), pairwise)
    }

    /// Pure: from scores to the verdict.
    func judge(first: LoopVersion, best: LoopVersion, cases: [TestCase], board: Scoreboard) -> HoldoutResult {
        func score(_ version: LoopVersion, _ testCase: TestCase) -> Double? {
            board.score(version.version.id, on: testCase, replicates: context.replicates)
        }
        let pairs = cases.compactMap { testCase -> Pair? in
            guard let before = score(first, testCase), let after = score(best, testCase) else { return nil }
            return Pair(cluster: testCase.clusterKey, first: before, best: after)
        }
        let coverage = cases.isEmpty ? 0 : Double(pairs.count) / Double(cases.count)
        let clusters = Dictionary(grouping: pairs, by: \.cluster).sorted { bytewise($0.key, $1.key) }
            .map { $0.value.map { $0.best - $0.first } }
        let test = PromotionTest(clusters: clusters)
        let seed = DerivedSeed(context.definition.seed, "bootstrap", "holdout").value
        let estimate = CaseStatistics.estimate(values: clusters, seed: seed)
        return HoldoutResult(
            version: best.version.id, baseline: first.version.id, first: mean(pairs.map(\.first)),
            best: mean(pairs.map(\.best)), difference: estimate?.mean, interval: estimate?.interval,
            cases: pairs.count, method: estimate?.method ?? "none", coverage: coverage,
            isPromoted: test.isPromoted && coverage >= 0.8,
            verdict: verdict(test, estimate, coverage: coverage),
            reason: reason(test, coverage: coverage, cases: cases.count, scored: pairs.count))
    }

    private struct Pair {
        let cluster: String
        let first: Double
        let best: Double
    }

    private func mean(_ values: [Double]) -> Double? {
        values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
    }

    private func verdict(_ test: PromotionTest, _ estimate: Estimate?, coverage: Double) -> Verdict {
        if coverage < 0.8 || test.isInsufficient { return .insufficientData }
        if test.isPromoted { return .better }
        guard let interval = estimate?.interval else { return .insufficientData }
        let margin = context.definition.stop.minDelta
        if interval.upperBound < 0 { return .worse }
        if interval.lowerBound > -margin, interval.upperBound < margin { return .equivalent }
        return .noDifference
    }

    private func reason(_ test: PromotionTest, coverage: Double, cases: Int, scored: Int) -> String? {
        if cases == 0 { return "no cases were held out" }
        if coverage < 0.8 { return "only \(scored) of \(cases) held-out cases could be scored" }
        return test.isInsufficient ? test.reason : nil
    }
}
