import BenchmarkReporting
import EdisonStatistics

/// How often the interval that people's labels correct holds the difference that people would find on all cases.
enum LabelCoverage {
    private static let runs = 4_000
    private static let cases = 40

    /// What a judge says of a case of which people say `truth`.
    private static let judges: [(name: String, says: @Sendable (Double, inout Xoshiro256StarStar) -> Double)] = [
        ("right but noisy", { $0 + 0.1 * Shape.normal(&$1) }),
        ("too mild by 0.08", { $0 + 0.08 + 0.1 * Shape.normal(&$1) }),
        ("see half of it", { 0.5 * $0 + 0.1 * Shape.normal(&$1) }),
        ("say nothing", { 0.2 * Shape.normal(&$1) + 0 * $0 }),
        ("the opposite", { -$0 + 0.1 * Shape.normal(&$1) }),
    ]

    static var table: Table {
        var table = Table(
            title: "Differences that people's labels correct",
            head: [
                "judges", "labels of \(cases) cases", "coverage of 95 %", "mean width", "labels alone: coverage",
                "width",
            ])
        for judge in judges { for labels in [10, 15, 25] { table.rows.append(row(judge, labels)) } }
        return table
    }

    private static func row(
        _ judge: (name: String, says: (Double, inout Xoshiro256StarStar) -> Double), _ labels: Int
    ) -> [String] {
        var source = Xoshiro256StarStar(seed: UInt64(labels))
        var covered = (corrected: 0, alone: 0)
        var width = (corrected: 0.0, alone: 0.0)
        for run in 0..<runs {
            let truth = (0..<cases).map { _ in 0.1 + 0.2 * Shape.normal(&source) }
            let judged = truth.map { judge.says($0, &source) }
            let units = (0..<cases).map { index in
                LabelCorrectedMean.Unit(
                    label: index < labels ? truth[index] : nil, judged: judged[index],
                    probability: Double(labels) / Double(cases))
            }
            if let interval = LabelCorrectedMean(units).interval {
                width.corrected += (interval.upper - interval.lower) / Double(runs)
                if interval.contains(0.1) { covered.corrected += 1 }
            }
            let alone = MeanEstimate(
                truth.prefix(labels).map { [WeightedValue($0)] }, seed: UInt64(run), usesStandardError: true)
            if let interval = alone?.interval {
                width.alone += (interval.upper - interval.lower) / Double(runs)
                if interval.contains(0.1) { covered.alone += 1 }
            }
        }
        return [
            judge.name, "\(labels)", (Double(covered.corrected) / Double(runs)).short, width.corrected.short,
            (Double(covered.alone) / Double(runs)).short, width.alone.short,
        ]
    }
}
