import BenchmarkReporting
import EdisonStatistics

/// How often the test at the end promotes a version that is no better, and one that is.
enum PromotionRates {
    private static let runs = 40_000
    private static let deviation = 0.25

    static var table: Table {
        var table = Table(
            title: "Promotions",
            head: ["distribution", "held-out cases", "no better", "better by 0.05", "better by 0.10", "worse by 0.05"])
        for shape in Shape.allCases where shape != .uniform {
            for cases in [15, 30, 40, 100] {
                table.rows.append(
                    [shape.rawValue, "\(cases)"] + [0, 0.05, 0.10, -0.05].map { rate(shape, cases, $0, 1).short })
            }
        }
        table.rows.append(
            ["normal, best of 3 finalists", "40"] + [0, 0.05, 0.10, -0.05].map { finalists($0).short })
        return table
    }

    private static func rate(_ shape: Shape, _ cases: Int, _ mean: Double, _ comparisons: Int) -> Double {
        var source = Xoshiro256StarStar(seed: UInt64(cases))
        var promoted = 0
        for _ in 0..<runs {
            let clusters = (0..<cases).map { _ in [mean + deviation * shape.draw(&source)] }
            if PromotionTest(clusters: clusters, comparisons: comparisons).isPromoted { promoted += 1 }
        }
        return Double(promoted) / Double(runs)
    }

    /// Three equal finalists, the best of them on the first ten cases, tested on all forty at a third of the level.
    private static func finalists(_ mean: Double) -> Double {
        var source = Xoshiro256StarStar(seed: 40)
        var promoted = 0
        for _ in 0..<runs {
            let arms = (0..<3).map { _ in (0..<40).map { _ in mean + deviation * Shape.normal.draw(&source) } }
            let best = arms.max { $0.prefix(10).reduce(0, +) < $1.prefix(10).reduce(0, +) } ?? []
            if PromotionTest(clusters: best.map { [$0] }, comparisons: 3).isPromoted { promoted += 1 }
        }
        return Double(promoted) / Double(runs)
    }
}
