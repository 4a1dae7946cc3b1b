import BenchmarkReporting
import EdisonExperiments
import EdisonStatistics

/// How the comparison of variants with the first one holds what it says: each interval alone, all of them at once, and
/// how often any of several equal variants is called better or worse.
enum VariantComparisons {
    private static let runs = 2_000

    static var table: Table {
        var table = Table(
            title: "Variants against the first",
            head: [
                "variants", "cases", "distribution", "true difference", "coverage of 95 %", "all intervals at once",
                "called better", "called worse",
            ])
        for shape in [Shape.normal, .leftSkewed] {
            for variants in [2, 4, 8] {
                for cases in [12, 40] { table.rows.append(row(variants, cases, shape, truth: 0)) }
            }
            table.rows.append(row(4, 40, shape, truth: 0.1))
        }
        return table
    }

    /// All variants are compared with the same answers of the first, so their differences share its luck. The share that
    /// is called better or worse is that of runs in which any variant is.
    private static func row(_ variants: Int, _ cases: Int, _ shape: Shape, truth: Double) -> [String] {
        var source = Xoshiro256StarStar(seed: UInt64(variants * 1_000 + cases))
        var (covered, all, better, worse) = (0, 0, 0, 0)
        for run in 0..<runs {
            let first = (0..<cases).map { _ in 0.14 * shape.draw(&source) }
            let differences = (1..<variants).map { _ in
                first.map { [truth + 0.14 * shape.draw(&source) - $0] }
            }
            let estimates = differences.enumerated().map { place, clusters in
                CaseStatistics.estimate(values: clusters, seed: UInt64(run * 10 + place))
            }
            let holds = estimates.count { $0?.interval?.contains(truth) == true }
            covered += holds
            if holds == estimates.count { all += 1 }
            let proven = zip(estimates, CaseStatistics.holm(differences.map(CaseStatistics.pairedPValue)))
                .filter { ($0.1 ?? 1) < 0.05 }.compactMap { $0.0?.mean }
            if proven.contains(where: { $0 > 0 }) { better += 1 }
            if proven.contains(where: { $0 < 0 }) { worse += 1 }
        }
        func share(_ count: Int, of all: Int) -> String { (Double(count) / Double(all)).short }
        return [
            "\(variants)", "\(cases)", shape.rawValue, truth.short, share(covered, of: runs * (variants - 1)),
            share(all, of: runs), share(better, of: runs), share(worse, of: runs),
        ]
    }
}
