import EdisonCore
import EdisonDatasets
import EdisonEvaluation
import EdisonPrompts
import EdisonStatistics
import Testing

@testable import EdisonExperiments

@Suite("The promotion test at the end of a run")
struct PromotionTests {
    /// The result for cases with these scores of the first and the best version; nil = the judge failed.
    private func judged(
        _ scores: [(first: Double?, best: Double?)], clusters: [String]? = nil, margin: Double = 0.02
    ) async throws -> HoldoutResult {
        let cases = scores.indices.map { Sample.testCase(Sample.message($0), cluster: clusters?[$0]) }
        var definition = Sample.definition(cases: cases)
        definition.stop.minDelta = margin
        let first = SampleRun.version(1)
        let best = SampleRun.version(2, parent: first.version.id)
        var result: HoldoutResult?
        try await SampleRun.context(definition) { context in
            let outputs = cases.map { (SampleRun.output(first, $0), SampleRun.output(best, $0)) }
            let judgments = zip(outputs, scores).flatMap { outputs, scores in
                [
                    SampleRun.judgment(outputs.0, score: scores.first),
                    SampleRun.judgment(outputs.1, score: scores.best),
                ]
            }
            let board = SampleRun.scoreboard(outputs.flatMap { [$0.0, $0.1] }, judgments)
            result = PromotionStep(context: context, ensemble: .equal(["judge"]))
                .judge(first: first, best: best, cases: cases, board: board)
        }
        return try #require(result)
    }

    private func scores(_ count: Int, gain: Double, spread: Double, seed: UInt64 = 1) -> [(
        first: Double?, best: Double?
    )] {
        var draw = SplitMix64(seed: seed)
        return (0..<count).map { _ in
            let first = 0.4 + 0.1 * Double.random(in: -1...1, using: &draw)
            return (first, first + gain + spread * Double.random(in: -1...1, using: &draw))
        }
    }

    @Test("a clear gain on forty cases is promoted")
    func better() async throws {
        let result = try await judged(scores(40, gain: 0.1, spread: 0.1))
        #expect(result.verdict == .better)
        #expect(result.isPromoted)
        #expect(result.cases == 40)
        #expect(result.coverage == 1)
        let difference = try #require(result.difference)
        #expect(abs(difference - 0.1) < 0.03)
        #expect(abs(((result.best ?? 0) - (result.first ?? 0)) - difference) < 1e-12)
        #expect(result.interval.map { $0.lowerBound > 0 && $0.contains(difference) } == true)
        #expect(result.method.hasPrefix("paired cluster bootstrap"))
        #expect(result.reason == nil)
    }

    @Test("a gain that one judge sees as a loss is not promoted, and the reason names the judge")
    func contradicted() async throws {
        let gains = scores(40, gain: 0.1, spread: 0.1)
        #expect(JudgeDissent.names([("one", clusters(gains, sign: 1))]).isEmpty, "one judge contradicts nobody")
        #expect(
            JudgeDissent.names([("a", clusters(gains, sign: 1)), ("b", clusters(gains, sign: -1))]) == ["b"])
        // Means of -0.03 with a spread of 0.15: too little for a promotion, enough for a doubt.
        let faint = (0..<40).map { [0.03 + ($0.isMultiple(of: 2) ? 0.15 : -0.15)] }
        #expect(!PromotionTest(clusters: faint).isPromoted)
        #expect(JudgeDissent.names([("a", clusters(gains, sign: 1)), ("b", faint.map { $0.map { -$0 } })]) == ["b"])
        let balanced = (0..<40).map { [$0.isMultiple(of: 2) ? 0.15 : -0.15] }
        #expect(
            JudgeDissent.names([("a", clusters(gains, sign: 1)), ("b", balanced)]).isEmpty,
            "a judge who sees no difference contradicts nobody")
        #expect(JudgeDissent.reason([]) == nil)
        #expect(JudgeDissent.reason(["b"])?.contains("b sees a loss") == true)
    }

    private func clusters(_ scores: [(first: Double?, best: Double?)], sign: Double) -> [[Double]] {
        scores.map { [sign * (($0.best ?? 0) - ($0.first ?? 0))] }
    }

    @Test("a clear loss is worse, and not promoted")
    func worse() async throws {
        let result = try await judged(scores(40, gain: -0.1, spread: 0.1))
        #expect(result.verdict == .worse)
        #expect(!result.isPromoted)
    }

    @Test("a difference inside the margin that matters is equivalence")
    func equivalent() async throws {
        #expect(try await judged(scores(60, gain: 0, spread: 0.01)).verdict == .equivalent)
        #expect(try await judged(scores(60, gain: 0, spread: 0.01), margin: 0.0005).verdict == .noDifference)
    }

    @Test("a difference that the data do not show is none")
    func noDifference() async throws {
        let result = try await judged(scores(40, gain: 0.01, spread: 0.3))
        #expect(result.verdict == .noDifference)
        #expect(!result.isPromoted)
        #expect(result.interval != nil)
    }

    @Test("under ten clusters there is no verdict, but the number of cases that would do")
    func tooFew() async throws {
        let result = try await judged(scores(9, gain: 0.3, spread: 0.05))
        #expect(result.verdict == .insufficientData)
        #expect(!result.isPromoted)
        #expect(result.reason?.contains("10") == true)
        let clustered = try await judged(
            scores(40, gain: 0.3, spread: 0.05), clusters: (0..<40).map { "c\($0 % 8)" })
        #expect(clustered.verdict == .insufficientData, "clusters count, not cases")
    }

    @Test("from ten to twenty-nine clusters a gain must be clearer than from thirty on")
    func levels() async throws {
        func t(_ differences: [Double]) -> Double { PromotionTest(clusters: differences.map { [$0] }).t }
        var found = 0
        for seed in 1...400 as ClosedRange<UInt64> {
            let sample = scores(29, gain: 0.03, spread: 0.1, seed: seed)
            let value = t(sample.map { ($0.best ?? 0) - ($0.first ?? 0) })
            // One-sided Student t with 28 degrees of freedom: 1.701 at 0.05, 2.467 at 0.01.
            guard (1.75...2.4).contains(value) else { continue }
            found += 1
            #expect(try await judged(sample).isPromoted == false)
            if found == 3 { break }
        }
        #expect(found == 3)
    }

    @Test("where the interval lies above 0 and few cases ask for more, the reason says so with their number")
    func unproven() async throws {
        var found = 0
        for seed in 1...400 as ClosedRange<UInt64> {
            let sample = scores(14, gain: 0.05, spread: 0.12, seed: seed)
            let test = PromotionTest(clusters: clusters(sample, sign: 1))
            // Student's t with 13 degrees of freedom: 2.160 two-sided at 0.05, 2.650 one-sided at 0.01.
            guard (2.17...2.6).contains(test.t) else { continue }
            found += 1
            let result = try await judged(sample, margin: 0.001)
            #expect(result.verdict == .noDifference && (result.interval?.lowerBound ?? 0) > 0)
            #expect(
                result.reason
                    == "the 95 % interval lies above 0, but with 14 independent held-out cases, fewer than 30, a better "
                    + "version must be shown at the level 0.01, and it was not")
            if found == 3 { break }
        }
        #expect(found == 3)
        // Chosen among three, each has its share of the level, with thirty cases too.
        let test = PromotionTest(
            clusters: (0..<40).map { [0.02 + ($0.isMultiple(of: 2) ? 0.06 : -0.06)] }, comparisons: 3)
        let words = UnprovenGain.reason(test, interval: 0.001...0.04, comparisons: 3)
        #expect(
            !test.isPromoted && words?.contains("3 versions to choose from") == true && words?.contains("0.017") == true
        )
        #expect(UnprovenGain.reason(test, interval: -0.001...0.04, comparisons: 3) == nil)
    }

    @Test("a rare large loss behind many small gains is not promoted")
    func skew() async throws {
        let sample = (0..<30).map { index in (first: Double?(0.6), best: Double?(index % 10 == 0 ? 0.15 : 0.65)) }
        let result = try await judged(sample)
        #expect(!result.isPromoted)
    }

    @Test("under 80 % coverage nothing is concluded")
    func coverage() async throws {
        var sample = scores(40, gain: 0.2, spread: 0.05)
        for index in 0..<9 { sample[index].best = nil }
        let result = try await judged(sample)
        #expect(result.verdict == .insufficientData)
        #expect(!result.isPromoted)
        #expect(result.cases == 31)
        #expect(abs(result.coverage - 31.0 / 40) < 1e-12)
        #expect(result.reason?.contains("31 of 40") == true)
        sample[0].best = 0.7
        #expect(try await judged(sample).verdict == .better)
    }

    @Test("a missing score is left out on both sides, and never counts as 0")
    func missing() async throws {
        var sample = scores(40, gain: 0.1, spread: 0.05)
        let whole = try await judged(Array(sample.dropFirst(4)))
        for index in 0..<4 { sample[index].first = nil }
        let partly = try await judged(sample)
        #expect(abs((partly.difference ?? 0) - (whole.difference ?? 1)) < 1e-12)
        #expect(abs((partly.best ?? 0) - (whole.best ?? 1)) < 1e-12)
    }

    @Test("clusters are resampled and the mean is pooled over cases")
    func pooledMean() async throws {
        let sample = (0..<60).map { index in
            (first: Double?(0.3), best: Double?(index < 30 ? 0.7 : 0.5 + 0.001 * Double(index % 7)))
        }
        let clusters = (0..<60).map { $0 < 30 ? "big" : "c\($0)" }
        let result = try await judged(sample, clusters: clusters)
        let expected = sample.map { ($0.best ?? 0) - ($0.first ?? 0) }.reduce(0, +) / 60
        #expect(abs((result.difference ?? 0) - expected) < 1e-12)
        #expect(
            (result.interval.map { $0.upperBound - $0.lowerBound } ?? 0) > 0.05, "one cluster holds half of the cases")
    }

    @Test("below twenty clusters the interval rests on the clustered standard error")
    func standardError() async throws {
        let sample = scores(12, gain: 0.1, spread: 0.1)
        let result = try await judged(sample)
        let differences = sample.map { ($0.best ?? 0) - ($0.first ?? 0) }
        let mean = differences.reduce(0, +) / 12
        let error = (differences.map { ($0 - mean) * ($0 - mean) }.reduce(0, +) / (12 * 11)).squareRoot()
        let interval = try #require(result.interval)
        // Student t, 11 degrees of freedom, 97.5 %.
        #expect(abs(interval.upperBound - (mean + 2.200_985 * error)) < 1e-5)
        #expect(abs(interval.lowerBound - (mean - 2.200_985 * error)) < 1e-5)
        #expect(result.method == "clustered standard error")
    }

    @Test("without held-out cases that is the reason")
    func none() async throws {
        let result = try await judged([])
        #expect(result.verdict == .insufficientData)
        #expect(result.reason == "no cases were held out")
        #expect(result.first == nil)
    }
}
