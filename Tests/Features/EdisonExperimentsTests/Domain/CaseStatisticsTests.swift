import EdisonExperiments
import EdisonStatistics
import Testing

@Suite("The intervals that a run shows")
struct CaseStatisticsTests {
    @Test("few clusters: the clustered standard error, with one degree of freedom less than there are clusters")
    func standardError() throws {
        let clusters = [[0.2, 0.4, 0.1], [0.5], [0.9, 0.7], [0.3, 0.35, 0.4, 0.2]]
        let estimate = try #require(CaseStatistics.estimate(values: clusters, seed: 1))
        let values = clusters.flatMap(\.self)
        let mean = values.reduce(0, +) / 10
        #expect(abs(estimate.mean - mean) < 1e-12)
        #expect(estimate.cases == 10)
        // The standard error of the vector in the loop's description; Student's t with 3 degrees of freedom.
        let interval = try #require(estimate.interval)
        #expect(abs((interval.upperBound - interval.lowerBound) / 2 - 3.182_446 * 0.117_488) < 1e-5)
        #expect(estimate.method == "clustered standard error")
    }

    @Test("from twenty clusters on: a seeded bootstrap that contains the mean and is the same each time")
    func bootstrap() throws {
        var draw = SplitMix64(seed: 4)
        let clusters = (0..<20).map { _ in
            (0..<Int.random(in: 1...3, using: &draw)).map { _ in Double.random(in: 0...1, using: &draw) }
        }
        let one = try #require(CaseStatistics.estimate(values: clusters, seed: 1))
        #expect(one.method.hasPrefix("paired cluster bootstrap"))
        #expect(one.interval?.contains(one.mean) == true)
        #expect(CaseStatistics.estimate(values: clusters, seed: 1) == one)
        #expect(CaseStatistics.estimate(values: clusters, seed: 2) != one)
        let fewer = try #require(CaseStatistics.estimate(values: Array(clusters.prefix(19)), seed: 1))
        #expect(fewer.method == "clustered standard error")
    }

    @Test("where there is nothing to estimate from there is no interval")
    func none() {
        #expect(CaseStatistics.estimate(values: [], seed: 1) == nil)
        #expect(CaseStatistics.estimate(values: [[], []], seed: 1) == nil)
        let single = CaseStatistics.estimate(values: [[0.4, 0.6]], seed: 1)
        #expect(single?.mean == 0.5)
        #expect(single?.interval == nil, "one cluster tells nothing of the others")
    }

    @Test("empty clusters are no clusters")
    func emptyClusters() {
        let one = CaseStatistics.estimate(values: [[0.1], [0.5], [0.3]], seed: 1)
        #expect(CaseStatistics.estimate(values: [[0.1], [], [0.5], [0.3], []], seed: 1) == one)
    }

    /// Reckoned by SciPy: `fisher_exact(alternative="greater")`.
    @Test(
        "the one-sided test of Fisher",
        arguments: [
            (3, 5, 0, 5, 0.083_333), (1, 4, 0, 4, 0.5), (5, 15, 1, 15, 0.084_291), (0, 8, 0, 8, 1.0), (8, 8, 8, 8, 1.0),
            (2, 10, 4, 10, 0.929_567),
        ])
    func fisher(_ more: Int, _ n1: Int, _ less: Int, _ n2: Int, _ p: Double) {
        #expect(abs(CaseStatistics.fisherOneSided(more: more, of: n1, less: less, of: n2) - p) < 1e-5)
    }

    @Test("several p-values are corrected by Holm, and missing ones leave the family")
    func holm() {
        let adjusted = CaseStatistics.holm([0.01, 0.04, nil, 0.03])
        #expect(adjusted.map { $0.map { ($0 * 1e6).rounded() / 1e6 } } == [0.03, 0.06, nil, 0.06])
    }
}
