import EdisonStatistics

/// Simulates the figures of the product with fixed seeds, and prints how often they keep what they promise, as the tables
/// of `docs/statistics.md`. `bin/test calibration` runs it and holds it against that page.
@main
enum Calibration {
    static func main() {
        print(IntervalCoverage.table)
        print()
        print(FewCases.table)
        print()
        print(PromotionRates.table)
        print()
        print(VariantComparisons.table)
        print()
        print(RaceIntervals.table)
        print()
        print(WinRates.table)
        print()
        print(ReliabilityRecovery.table)
        print()
        print(LabelCoverage.table)
        print()
        print(RankingCoverage.table)
    }
}
