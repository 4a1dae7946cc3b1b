import EdisonStatistics
import Testing

/// What the promotion rule promises, measured: the numbers are seeded, so they are the same on every machine.
@Suite struct PromotionTestSimulationTests {
    /// Differences of standard deviation about 0.25 (0.15 for the rare loss) and mean 0.
    enum Shape: String, CaseIterable, Sendable {
        case normal, rightSkewed, leftSkewed, rareLoss

        func draw(_ source: inout Xoshiro256StarStar) -> Double {
            switch self {
            case .normal: 0.25 * source.standardNormal()
            case .rightSkewed: 0.25 * (source.standardExponential() - 1)
            case .leftSkewed: 0.25 * (1 - source.standardExponential())
            case .rareLoss: source.unitDouble() < 0.9 ? 0.05 : -0.45
            }
        }
    }

    private static func promotions(
        _ shape: Shape, effect: Double, clusters: Int, runs: Int = 4_000, seed: UInt64
    ) -> Double {
        var source = Xoshiro256StarStar(seed: seed)
        var promoted = 0
        for _ in 0..<runs {
            let totals = (0..<clusters).map { _ in ClusterTotals(sum: shape.draw(&source) + effect, count: 1) }
            if PromotionTest(totals).isPromoted { promoted += 1 }
        }
        return Double(promoted) / Double(runs)
    }

    @Test("a version that is no better is promoted in at most 6 % of runs with 40 clusters", arguments: Shape.allCases)
    func falsePromotions(shape: Shape) {
        let rate = Self.promotions(shape, effect: 0, clusters: 40, runs: 20_000, seed: 20_260_101)
        #expect(rate <= 0.06, "\(shape): \(rate)")
    }

    @Test("few clusters are held to the stricter level", arguments: Shape.allCases)
    func falsePromotionsOfFewClusters(shape: Shape) {
        let rate = Self.promotions(shape, effect: 0, clusters: 15, seed: 7)
        #expect(rate <= 0.06, "\(shape): \(rate)")
    }

    @Test("an improvement of 0.10 is found in at least 75 % of runs with 40 clusters")
    func power() {
        let rate = Self.promotions(.normal, effect: 0.1, clusters: 40, seed: 11)
        #expect(rate >= 0.75, "\(rate)")
    }

    @Test("a large improvement is found whatever the shape of the differences", arguments: Shape.allCases)
    func powerForLargeEffects(shape: Shape) {
        let rate = Self.promotions(shape, effect: 0.5, clusters: 40, seed: 13)
        #expect(rate >= 0.95, "\(shape): \(rate)")
    }

    @Test("Student's t alone promotes far too often when losses are rare and large")
    func whyTheAdjustmentIsThere() {
        var source = Xoshiro256StarStar(seed: 5)
        let quantile = StudentT(df: 39).isf(0.05)
        let promoted = (0..<4_000).count { _ in
            let totals = (0..<40).map { _ in ClusterTotals(sum: Shape.rareLoss.draw(&source), count: 1) }
            return (ClusteredT(totals)?.t ?? 0) > quantile
        }
        #expect(Double(promoted) / 4_000 > 0.07)
    }
}
