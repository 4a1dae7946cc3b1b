import EdisonCore
import EdisonDatasets
import EdisonEvaluation
import EdisonPrompts
import EdisonStatistics

/// The one test at the end: the best incumbent against the first version on cases that the loop never saw.
struct PromotionStep: Sendable {
    let context: RunContext
    let ensemble: Ensemble

    struct Confirmation {
        var result: HoldoutResult
        let pairwise: PairwiseRecord?
        /// So many calls failed that the version under test has too few scores: no verdict, and to be made again.
        let hasFailed: Bool
    }

    /// - Parameters:
    ///   - finalists: who may be the best; the first is, unless another does better on the first cases.
    ///   - versions: all of the run. One that was proven before the run went on stays so when a later one is not.
    func run(
        first: LoopVersion, finalists: [LoopVersion], versions: [LoopVersion]
    ) async throws -> Confirmation {
        let cases = context.cases.holdout
        context.report(.confirming(cases: cases.count))
        let earlierTests = try await context.store.earlierTests(on: cases)
        try await context.store.noteTest(on: cases)
        let (best, heat) = try await heat(first, finalists)
        try await evaluate([first, best], on: cases)
        let board = await context.scoreboard(ensemble)
        let pairwise = try await PairwiseStep(context: context)
            .compare(best, with: first, on: cases, models: context.modelNames, split: .holdout)
        let tests = try await context.store.noteTest(of: best.version.id, comparisons: max(1, heat.count))
        let comparisons = tests[best.version.id] ?? max(1, heat.count)
        var result = judge(first: first, best: best, cases: cases, board: board, comparisons: comparisons)
        let hasFailed = result.coverage < Self.leastCoverage
        if hasFailed, let reason = result.reason {
            result.reason = "\(reason); \(await FailureWords(context).mostFrequent)"
        }
        let others = versions.filter { $0.version.id != best.version.id }
        if !result.isPromoted, var earlier = decided(first, others, tests, board),
            earlier.isPromoted || result.verdict == .insufficientData
        {
            earlier.reason = ProofWords.later(best.number, found: result)
            result = earlier
        }
        result.judges = context.pointwiseJudges.filter(context.promotionJudges.contains)
        result.finalists = heat
        result.earlierTests = earlierTests
        result.repeats = tests.count - 1
        return Confirmation(result: result, pairwise: pairwise, hasFailed: hasFailed)
    }

    /// The test of a version that was made before the run went on, where no later one can be: its answers are stored,
    /// and nothing that happened since takes from them. nil when no test came to a verdict.
    ///
    /// - Parameter reason: what became of the later test.
    func standing(_ state: LoopState, reason: String) async throws -> HoldoutResult? {
        let tested = try await context.store.testedVersions()
        guard !tested.isEmpty else { return nil }
        let board = await context.scoreboard(ensemble)
        guard var result = decided(state.first, state.versions, tested, board) else { return nil }
        result.reason = reason
        result.judges = context.pointwiseJudges.filter(context.promotionJudges.contains)
        result.earlierTests = try await context.store.earlierTests(on: context.cases.holdout)
        result.repeats = tested.count - 1
        return result
    }

    /// The newest of these that its test promotes, else the newest test with a verdict: at the level of that test,
    /// whatever came later.
    private func decided(
        _ first: LoopVersion, _ versions: [LoopVersion], _ tests: [PromptVersion.ID: Int], _ board: Scoreboard
    ) -> HoldoutResult? {
        let results = versions.sorted { $0.number > $1.number }.compactMap { version in
            tests[version.version.id].map { comparisons in
                judge(first: first, best: version, cases: context.cases.holdout, board: board, comparisons: comparisons)
            }
        }
        return results.first(where: \.isPromoted) ?? results.first { $0.verdict != .insufficientData }
    }

    /// The first round of successive halving: all finalists and the first version on some of the cases.
    private func heat(
        _ first: LoopVersion, _ finalists: [LoopVersion]
    ) async throws -> (best: LoopVersion, heat: [HoldoutFinalist]) {
        guard finalists.count > 1 else { return (finalists.first ?? first, []) }
        let cases = HoldoutArms.cases(
            context.cases.holdout, seed: context.definition.seed, count: context.settings.finalistCases)
        try await evaluate([first] + finalists, on: cases)
        let board = await context.scoreboard(ensemble)
        let scores = finalists.map { version in cases.compactMap { score(version, $0, board) } }
        let means = scores.map(mean)
        let winner = HoldoutArms.best(finalists, means: means)
        return (
            finalists[winner],
            finalists.indices.map { index in
                HoldoutFinalist(
                    version: finalists[index].version.id, score: means[index], cases: scores[index].count,
                    isKept: index == winner)
            }
        )
    }

    private func evaluate(_ versions: [LoopVersion], on cases: [TestCase]) async throws {
        try await context.shared.evaluate(
            context.cells(of: versions, on: cases), judges: context.promotionJudges)
    }

    private func score(
        _ version: LoopVersion, _ testCase: TestCase, _ board: Scoreboard, judges: Set<String>? = nil
    ) -> Double? {
        board.score(
            version.version.id, on: testCase, replicates: context.replicates,
            judges: judges ?? context.promotionJudges)
    }

    private func pairs(
        _ first: LoopVersion, _ best: LoopVersion, _ cases: [TestCase], _ board: Scoreboard, judges: Set<String>? = nil
    ) -> [Pair] {
        cases.compactMap { testCase in
            guard let before = score(first, testCase, board, judges: judges),
                let after = score(best, testCase, board, judges: judges)
            else { return nil }
            return Pair(testCase: testCase, first: before, best: after)
        }
    }

    /// Of the held-out cases that must have a score on both sides before anything is said of them.
    private static let leastCoverage = 0.8

    /// Pure: from scores to the verdict.
    func judge(
        first: LoopVersion, best: LoopVersion, cases: [TestCase], board: Scoreboard, comparisons: Int = 1
    ) -> HoldoutResult {
        let pairs = pairs(first, best, cases, board)
        let coverage = cases.isEmpty ? 0 : Double(pairs.count) / Double(cases.count)
        let clusters = clusters(pairs)
        let test = PromotionTest(clusters: clusters, comparisons: comparisons)
        let dissent = JudgeDissent.names(
            context.pointwiseJudges.filter(context.promotionJudges.contains).map { judge in
                (judge, self.clusters(self.pairs(first, best, cases, board, judges: [judge])))
            })
        let seed = DerivedSeed(context.definition.seed, "bootstrap", "holdout").value
        let estimate = CaseStatistics.estimate(values: clusters, seed: seed)
        let verdict = verdict(test, estimate, coverage: coverage, isContested: !dissent.isEmpty)
        var result = HoldoutResult(
            version: best.version.id, baseline: first.version.id, first: mean(pairs.map(\.first)),
            best: mean(pairs.map(\.best)), difference: estimate?.mean, interval: estimate?.interval,
            cases: pairs.count, method: estimate?.method ?? "none", coverage: coverage,
            isPromoted: test.isPromoted && coverage >= Self.leastCoverage && dissent.isEmpty,
            verdict: verdict,
            reason: reason(test, coverage: coverage, cases: cases.count, scored: pairs.count)
                ?? (test.isPromoted ? JudgeDissent.reason(dissent) : nil)
                ?? (verdict == .noDifference
                    ? UnprovenGain.reason(test, interval: estimate?.interval, comparisons: comparisons) : nil))
        result.facets = facets(pairs)
        return result
    }

    private func clusters(_ pairs: [Pair]) -> [[Double]] {
        Dictionary(grouping: pairs, by: \.testCase.clusterKey).sorted { bytewise($0.key, $1.key) }
            .map { $0.value.map { $0.best - $0.first } }
    }

    /// By tag, difficulty, language and length, with the false discovery rate over those with enough cases.
    private func facets(_ pairs: [Pair]) -> [FacetDifference] {
        var groups: [String: [Pair]] = [:]
        for pair in pairs { for name in CaseFacets.names(of: pair.testCase) { groups[name, default: []].append(pair) } }
        let rows = groups.sorted { bytewise($0.key, $1.key) }.compactMap { name, pairs -> FacetRow? in
            let clusters = clusters(pairs)
            let seed = DerivedSeed(context.definition.seed, "bootstrap", "holdout", name).value
            guard let estimate = CaseStatistics.estimate(values: clusters, seed: seed) else { return nil }
            let isEnough = pairs.count >= FacetDifference.fewestCases
            return FacetRow(
                name: name, estimate: estimate, pValue: isEnough ? CaseStatistics.pairedPValue(clusters) : nil)
        }
        let adjusted = MultipleComparisons(rows.map(\.pValue)).adjusted(by: .benjaminiHochberg)
        return zip(rows, adjusted).map {
            FacetDifference(facet: $0.name, estimate: $0.estimate, pValue: $0.pValue, adjustedPValue: $1)
        }
    }

    private struct FacetRow {
        let name: String
        let estimate: Estimate
        let pValue: Double?
    }

    private struct Pair {
        let testCase: TestCase
        let first: Double
        let best: Double
    }

    private func mean(_ values: [Double]) -> Double? {
        values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
    }

    private func verdict(
        _ test: PromotionTest, _ estimate: Estimate?, coverage: Double, isContested: Bool
    ) -> Verdict {
        if coverage < Self.leastCoverage || test.isInsufficient { return .insufficientData }
        if test.isPromoted { return isContested ? .noDifference : .better }
        guard let interval = estimate?.interval else { return .insufficientData }
        let margin = context.definition.stop.minDelta
        if interval.upperBound < 0 { return .worse }
        if interval.lowerBound > -margin, interval.upperBound < margin { return .equivalent }
        return .noDifference
    }

    private func reason(_ test: PromotionTest, coverage: Double, cases: Int, scored: Int) -> String? {
        if cases == 0 { return "no cases were held out" }
        if coverage < Self.leastCoverage { return "only \(scored) of \(cases) held-out cases could be scored" }
        return test.isInsufficient ? test.reason : nil
    }
}
