import EdisonStatistics

/// Simulates the figures of the product with fixed seeds, and prints how often they keep what they promise, as the tables
/// of `docs/statistics.md`. `bin/test calibration` runs it and holds it against that page.
@main
enum Calibration {
    static func main() {
        print(IntervalCoverage.table)
        print()
        print(PromotionRates.table)
        print()
        print(ReliabilityRecovery.table)
        print()
        print(LabelCoverage.table)
        print()
        print(RankingCoverage.table)
    }
}

/// A Markdown table.
struct Table: CustomStringConvertible {
    let title: String
    let head: [String]
    var rows: [[String]] = []

    var description: String {
        (["## \(title)", "", line(head), line(head.indices.map { $0 == 0 ? "---" : "---:" })] + rows.map(line))
            .joined(separator: "\n")
    }

    private func line(_ cells: [String]) -> String { "| " + cells.joined(separator: " | ") + " |" }
}

extension Double {
    /// Three decimals, rounded half away from zero.
    var short: String {
        let thousandths = Int((self * 1000).rounded())
        let (whole, rest) = (abs(thousandths) / 1000, abs(thousandths) % 1000)
        let digits = String(rest)
        return (thousandths < 0 ? "-" : "") + "\(whole)." + String(repeating: "0", count: 3 - digits.count) + digits
    }
}
