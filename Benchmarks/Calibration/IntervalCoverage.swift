import BenchmarkReporting
import EdisonStatistics

/// How often the 95 % interval of a mean holds the true mean.
enum IntervalCoverage {
    private static let runs = 4_000
    /// The ends of an interval move little with more; the product takes 10,000.
    private static let resamples = 2_000

    static var table: Table {
        var table = Table(
            title: "Intervals of means",
            head: ["cases", "distribution", "method", "coverage of 95 %"])
        for shape in Shape.allCases {
            for cases in [10, 15, 20, 40, 80] {
                table.rows.append(row("\(cases)", shape, clusters: cases, size: 1, weighted: false))
            }
        }
        table.rows.append(row("80 in clusters of 2", .normal, clusters: 40, size: 2, weighted: false))
        table.rows.append(row("120 in clusters of 3", .normal, clusters: 40, size: 3, weighted: false))
        table.rows.append(row("40, uneven evidence of two tags", .normal, clusters: 40, size: 1, weighted: true))
        return table
    }

    /// Values of one cluster share half of their variance. Weighted: a quarter of the cases stands for three quarters of
    /// the population, and its mean is another one.
    private static func row(_ name: String, _ shape: Shape, clusters: Int, size: Int, weighted: Bool) -> [String] {
        var source = Xoshiro256StarStar(seed: UInt64(clusters * 1_000 + size * 10 + (weighted ? 1 : 0)))
        var covered = 0
        var method = MeanEstimate.Method.clusteredStandardError
        let truth = weighted ? 0.75 * 0.1 + 0.25 * -0.1 : 0.05
        for run in 0..<runs {
            let data = (0..<clusters).map { index -> [WeightedValue] in
                let shared = shape.draw(&source)
                let isLarge = weighted && index.isMultiple(of: 4)
                return (0..<size).map { _ in
                    let own = size == 1 ? shared : (shared + shape.draw(&source)) / 2.0.squareRoot()
                    let mean = weighted ? (isLarge ? 0.1 : -0.1) : truth
                    return WeightedValue(mean + 0.2 * own, weight: weighted ? (isLarge ? 3 : 1.0 / 3) : 1)
                }
            }
            guard let estimate = MeanEstimate(data, seed: UInt64(run), resamples: resamples) else { continue }
            method = estimate.method
            if let interval = estimate.interval, interval.lower <= truth, truth <= interval.upper { covered += 1 }
        }
        return [name, shape.rawValue, method.rawValue, (Double(covered) / Double(runs)).short]
    }
}
