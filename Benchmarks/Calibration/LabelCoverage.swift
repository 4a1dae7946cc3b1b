import BenchmarkReporting
import EdisonExperiments
import EdisonStatistics

/// How often the interval that people's labels correct holds the true difference, where cases are given to people as
/// `edison label` gives them: 70 % at random and 30 % where judges disagree, by the two clocks of the plan.
enum LabelCoverage {
    private static let runs = 4_000
    private static let cases = 40
    private static let truth = 0.1

    /// What one of three judges says of a case of which people say `truth`; `noise` is how hard it is to judge.
    private static let judges: [(name: String, says: @Sendable (Double, Double, Double) -> Double)] = [
        ("too mild by 0.08", { truth, _, error in truth + 0.08 + error }),
        ("see half of it", { truth, _, error in 0.5 * truth + 0.1 + 0.7 * error }),
        ("say nothing", { _, _, error in 0.15 + error }),
        ("too mild where they disagree", { truth, noise, error in truth + 0.1 + 1.2 * noise + 0.7 * error }),
        ("the opposite", { truth, _, error in 0.2 - truth + error }),
    ]

    static var table: Table {
        var table = Table(
            title: "Differences that people's labels correct",
            head: [
                "distribution", "judges", "labels of \(cases) cases", "coverage of 95 %", "mean width",
                "labels alone: coverage", "width",
            ])
        for shape in [Shape.normal, .leftSkewed] {
            for judge in judges { for labels in [10, 15, 25] { table.rows.append(row(shape, judge, labels)) } }
        }
        return table
    }

    private static func row(
        _ shape: Shape, _ judge: (name: String, says: (Double, Double, Double) -> Double), _ labels: Int
    ) -> [String] {
        var source = Xoshiro256StarStar(seed: UInt64(labels))
        var covered = (corrected: 0, alone: 0)
        var width = (corrected: 0.0, alone: 0.0)
        for run in 0..<runs {
            let people = (0..<cases).map { _ in truth + 0.2 * shape.draw(&source) }
            let words = people.map { value -> [Double] in
                let noise = 0.05 + 0.25 * source.unit
                return (0..<3).map { _ in judge.says(value, noise, noise * Shape.normal(&source)) }
            }
            let plan = LabelPlan(
                words.enumerated().map { place, words in
                    LabelPlan.Unit(key: "\(place)", disagreement: Moments(words).variance.map { $0.squareRoot() })
                }, seed: UInt64(run))
            let chances = plan.probabilities(first: labels)
            let labelled = Set(plan.order.prefix(labels).map(\.unit))
            let units = people.indices.map { place in
                LabelCorrectedMean.Unit(
                    label: labelled.contains(place) ? people[place] : nil, judged: words[place].reduce(0, +) / 3,
                    probability: chances[place] ?? 0)
            }
            if let interval = LabelCorrectedMean(units).interval {
                width.corrected += (interval.upper - interval.lower) / Double(runs)
                if interval.contains(truth) { covered.corrected += 1 }
            }
            if let interval = LabelCorrectedMean(units.filter { $0.label != nil }).interval {
                width.alone += (interval.upper - interval.lower) / Double(runs)
                if interval.contains(truth) { covered.alone += 1 }
            }
        }
        return [
            shape.rawValue, judge.name, "\(labels)", (Double(covered.corrected) / Double(runs)).short,
            width.corrected.short, (Double(covered.alone) / Double(runs)).short, width.alone.short,
        ]
    }
}
