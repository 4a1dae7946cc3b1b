import BenchmarkReporting
import EdisonExperiments
import EdisonStatistics

/// How often the 95 % interval of a win rate holds the true one, where a share of the pairs is drawn.
enum WinRates {
    private static let runs = 20_000

    static var table: Table {
        var table = Table(
            title: "Win rates", head: ["pairs", "true win rate", "drawn", "coverage of 95 %", "mean width"])
        for pairs in [10, 40, 100] {
            for (rate, drawn) in [(0.5, 0.0), (0.5, 0.4), (0.7, 0.0), (0.7, 0.4), (0.9, 0.1)] {
                table.rows.append(row(pairs, rate, drawn))
            }
        }
        return table
    }

    private static func row(_ pairs: Int, _ rate: Double, _ drawn: Double) -> [String] {
        var source = Xoshiro256StarStar(seed: UInt64(pairs * 1_000) + UInt64(rate * 100 + drawn * 10))
        var (covered, width) = (0, 0.0)
        for _ in 0..<runs {
            var tally = PairwiseTally()
            for _ in 0..<pairs {
                let draw = source.unit
                // A pair is drawn where the judge contradicts itself when the order changes.
                let points = draw < drawn ? (1.0, 0.0) : draw < drawn / 2 + rate ? (1.0, 1.0) : (0.0, 0.0)
                tally.count(points: points, firstSlot: 0, decided: 0)
            }
            guard let interval = tally.interval else { continue }
            width += interval.upperBound - interval.lowerBound
            if interval.contains(rate) { covered += 1 }
        }
        return [
            "\(pairs)", rate.short, drawn.short, (Double(covered) / Double(runs)).short,
            (width / Double(runs)).short,
        ]
    }
}
