import BenchmarkReporting
import EdisonCore
import EdisonDatasets
import EdisonExperiments
import EdisonStatistics

/// How often the 95 % intervals of one version's scores hold the mean over all search cases, where a run has looked at a
/// few of them: the line of an iteration, a criterion, a tag.
enum FewCases {
    private static let runs = 2_000

    /// What cases score: in [0, 1], as a judge or a check says.
    private enum Scores: String, CaseIterable {
        case spread = "spread evenly"
        case failures = "one in ten fails (0.2), the others 0.8 to 1"
        case scale = "a scale of 1 to 5, mostly 4 and 5"
        case check = "a check that 85 % pass"

        func draw(_ source: inout Xoshiro256StarStar) -> Double {
            let place = source.unit
            return switch self {
            case .spread: min(1, max(0, 0.6 + 0.4 * (place - 0.5) + 0.1 * Shape.normal(&source)))
            case .failures: source.unit < 0.1 ? 0.2 : 0.8 + 0.2 * place
            case .scale: place < 0.05 ? 0.25 : place < 0.2 ? 0.5 : place < 0.6 ? 0.75 : 1
            case .check: place < 0.85 ? 1 : 0
            }
        }
    }

    static var table: Table {
        var table = Table(
            title: "One version's score on few cases",
            head: [
                "what", "scores", "cases", "coverage of 95 %, of all", "without an interval",
                "coverage, of those shown",
                "mean width",
            ])
        for scores in [Scores.spread, .failures] {
            for cases in [4, 6, 8, 12] { table.rows.append(iteration(scores, cases, isTagged: true)) }
        }
        for cases in [4, 8] { table.rows.append(iteration(.spread, cases, isTagged: false)) }
        for scores in [Scores.scale, .check] {
            for cases in [4, 8, 20, 40] { table.rows.append(plain("a criterion", scores, cases)) }
        }
        for scores in [Scores.spread, .failures] {
            for cases in [2, 3, 4, 8, 20] { table.rows.append(plain("a tag", scores, cases)) }
        }
        return table
    }

    /// Sixty search cases: three tags of 36, 18 and 6, the rarer the worse; or none.
    private static func searchCases(isTagged: Bool) -> [TestCase] {
        (0..<60).map { place in
            let tag = place < 36 ? "common" : place < 54 ? "less" : "rare"
            return TestCase(
                id: IDSource.random.next(), input: ["text": .string("case \(place)")], tags: isTagged ? [tag] : [])
        }
    }

    /// The evidence as the loop picks it: four cases for a new incumbent, two more in each iteration that it stays.
    private static func iteration(_ scores: Scores, _ count: Int, isTagged: Bool) -> [String] {
        let search = searchCases(isTagged: isTagged)
        let losses = ["common": 0.0, "less": 0.1, "rare": 0.25]
        var source = Xoshiro256StarStar(seed: UInt64(count))
        var tally = Tally()
        for run in 0..<runs {
            let values = search.map { max(0, scores.draw(&source) - (losses[$0.stratum] ?? 0)) }
            let known = Dictionary(uniqueKeysWithValues: zip(search.map(\.id), values))
            let byKey = Dictionary(uniqueKeysWithValues: zip(keys(search), values))
            let seed = UInt64(run + 1)
            var taken = CaseOrder.evidence(search, avoiding: [], count: 4, seed: seed, iteration: 1)
            while taken.count < count {
                taken += EvidenceAllocation.next(
                    search, taken: taken, scores: byKey, count: min(2, count - taken.count), seed: seed)
            }
            let weights = CaseWeights(of: taken, standingFor: search)
            let estimate = CaseStatistics.estimate(
                weighted: taken.map { [WeightedValue(known[$0.id] ?? 0, weight: weights[$0])] }, seed: seed)
            tally.add(estimate?.interval, truth: values.reduce(0, +) / Double(values.count))
        }
        return [isTagged ? "an iteration, three tags" : "an iteration, no tags", scores.rawValue, "\(count)"]
            + tally.cells
    }

    private static func keys(_ cases: [TestCase]) -> [String] { cases.map(\.key) }

    /// Independent cases of equal weight, against the mean of all that there could be.
    private static func plain(_ what: String, _ scores: Scores, _ count: Int) -> [String] {
        var source = Xoshiro256StarStar(seed: UInt64(count + 100))
        let truth = (0..<1_000_000).reduce(0) { sum, _ in sum + scores.draw(&source) } / 1_000_000
        var tally = Tally()
        for run in 0..<runs {
            let values = (0..<count).map { _ in [scores.draw(&source)] }
            tally.add(CaseStatistics.estimate(values: values, seed: UInt64(run))?.interval, truth: truth)
        }
        return [what, scores.rawValue, "\(count)"] + tally.cells
    }

    private struct Tally {
        private var all = 0
        private var shown = 0
        private var covered = 0
        private var width = 0.0

        mutating func add(_ interval: ClosedRange<Double>?, truth: Double) {
            all += 1
            guard let interval else { return }
            shown += 1
            width += interval.upperBound - interval.lowerBound
            if interval.contains(truth) { covered += 1 }
        }

        var cells: [String] {
            [
                (Double(covered) / Double(all)).short, (Double(all - shown) / Double(all)).short,
                (Double(covered) / Double(shown)).short, (width / Double(shown)).short,
            ]
        }
    }
}
