import EdisonStatistics
import Testing

@Suite struct PromotionRuleTests {
    private static func differences(_ count: Int, mean: Double = 0.2) -> [[Double]] {
        (0..<count).map { [mean + ($0.isMultiple(of: 2) ? 0.1 : -0.1)] }
    }

    @Test("under ten clusters there is no test, however large the effect, and the number that would do is named")
    func tooFew() {
        let test = PromotionTest(clusters: Self.differences(9))
        #expect(test.status == .insufficientData)
        #expect(!test.isPromoted)
        #expect(test.level == nil && test.quantile == nil)
        #expect(test.clustersNeeded == 10)
        #expect(test.reason?.contains("10") == true)
    }

    @Test("the level is 0.01 from ten clusters and 0.05 from thirty", arguments: [(10, 0.01), (29, 0.01), (30, 0.05)])
    func levels(clusters: Int, level: Double) throws {
        let test = PromotionTest(clusters: Self.differences(clusters))
        #expect(test.status == .ok && test.level == level && test.clustersNeeded == nil)
        let quantile = try #require(test.quantile)
        #expect(abs(StudentT(df: Double(clusters - 1)).sf(quantile) - level) < 1e-12)
        #expect(test.isPromoted)
    }

    @Test("a margin moves the hypothesis, not the interval")
    func margin() throws {
        let plain = PromotionTest(clusters: Self.differences(30))
        let demanding = PromotionTest(clusters: Self.differences(30), margin: 0.19)
        #expect(plain.isPromoted && !demanding.isPromoted)
        #expect(demanding.t < plain.t && demanding.interval == plain.interval)
        let interval = try #require(plain.interval)
        #expect(interval.contains(0.2) && interval.lower > 0.19 - 0.05)
    }

    @Test("cases of one cluster do not count as independent")
    func clusters() throws {
        let alone = try #require(ClusteredT((0..<40).map { ClusterTotals(sum: Double($0 % 4) - 1, count: 1) }))
        let repeated = try #require(ClusteredT((0..<40).map { ClusterTotals(sum: 5 * (Double($0 % 4) - 1), count: 5) }))
        #expect(abs(alone.t - repeated.t) < 1e-12)
        #expect(abs(alone.skewnessAdjustedT - repeated.skewnessAdjustedT) < 1e-12)
        #expect(repeated.observations == 200 && repeated.clusters == 40)
    }

    @Test("the adjusted t is Hall's formula on plain observations")
    func hall() throws {
        let values = [0.3, -0.1, 0.25, 0.9, 0.05, 0.4]
        let n = Double(values.count)
        let mean = values.reduce(0, +) / n
        let moments = [2, 3].map { power in
            values.reduce(0.0) { sum, value in
                sum + (0..<power).reduce(1.0) { product, _ in product * (value - mean) }
            } / n
        }
        let skewness = moments[1] / (moments[0] * moments[0].squareRoot()) * (n * (n - 1)).squareRoot() / (n - 2)
        let variance = moments[0] * n / (n - 1)
        let t = (mean - 0.1) * (n / variance).squareRoot()
        let root = n.squareRoot()
        let expected =
            t + skewness / (6 * root) + skewness * t * t / (3 * root) + skewness * skewness * t * t * t / (27 * n)
        let statistic = try #require(ClusteredT(values.map { ClusterTotals(sum: $0, count: 1) }, hypothesis: 0.1))
        #expect(abs(statistic.skewnessAdjustedT - expected) < 1e-12)
        #expect(abs(statistic.t - t) < 1e-12)
    }

    @Test("the adjusted t grows with the effect, whatever the skewness")
    func monotone() throws {
        var before = -Double.infinity
        for effect in stride(from: 0.0, through: 1, by: 0.05) {
            let totals = (0..<32).map { ClusterTotals(sum: ($0 < 2 ? -0.45 : 0.05) + effect, count: 1) }
            let adjusted = try #require(ClusteredT(totals)).skewnessAdjustedT
            #expect(adjusted > before)
            before = adjusted
        }
    }

    @Test("without spread only a gain that outweighs the unseen cases promotes, and nothing has an interval")
    func withoutSpread() {
        let large = PromotionTest(clusters: Array(repeating: [1, 1], count: 10))
        let small = PromotionTest(clusters: Array(repeating: [0.05, 0.05, 0.05], count: 15))
        let many = PromotionTest(clusters: Array(repeating: [0.05], count: 100))
        let same = PromotionTest(clusters: Array(repeating: [0], count: 40))
        #expect(large.isPromoted && large.lacksSpread && large.interval == nil && large.reason == nil)
        #expect(!small.isPromoted && small.reason?.contains("unseen") == true)
        #expect(many.isPromoted)
        #expect(!same.isPromoted && same.t == 0 && same.interval == nil && same.reason == nil)
    }

    @Test("rare large losses lower the adjusted t below Student's")
    func skew() throws {
        let totals = (0..<40).map { ClusterTotals(sum: $0 == 7 ? -0.45 : 0.05, count: 1) }
        let statistic = try #require(ClusteredT(totals))
        #expect(statistic.skewnessAdjustedT < statistic.t)
    }

    @Test("a difference that is no number makes the test invalid")
    func invalid() {
        let test = PromotionTest(clusters: Array(repeating: [0.1], count: 20) + [[.nan]])
        #expect(test.status == .invalidInput && !test.isPromoted && test.reason != nil)
    }
}
