import EdisonCore
import EdisonStatistics
import EdisonTestKit
import Testing

@Suite struct DescriptiveFixtureTests {
    @Test(
        "descriptive statistics match the oracles, in one pass and merged", provided("descriptive"),
        arguments: FixtureSuite.cases("descriptive"))
    func descriptive(_ oracle: OracleCase) throws {
        try FixtureSuite.check(oracle) { input in
            let values = try input.numbers("values")
            let whole = DescriptiveStatistics(values, alpha: try input.alpha())
            guard let sizes = input["chunks"]?.array?.compactMap(\.int) else { return Self.json(whole) }
            var merged = Moments()
            var start = 0
            for size in sizes {
                merged.merge(Moments(values[start..<(start + size)]))
                start += size
            }
            guard start == values.count else { throw UnreadableInput(description: "chunks do not add up") }
            let chunked = DescriptiveStatistics(values, moments: merged, alpha: try input.alpha())
            let tolerance = try #require(oracle.fixture).tolerance
            #expect(
                FixtureComparison.differences(got: Self.json(whole), want: Self.json(chunked), tolerance: tolerance)
                    .isEmpty, "merging differs from one pass")
            return Self.json(chunked)
        }
    }

    private static func json(_ result: DescriptiveStatistics) -> JSONValue {
        [
            "status": .of(result.status), "n": .of(result.moments.count), "mean": .of(result.moments.mean),
            "variance": .of(result.moments.variance), "sd": .of(result.moments.standardDeviation),
            "se_mean": .of(result.moments.standardError), "ci_mean": .of(result.interval),
            "min": .of(result.minimum), "max": .of(result.maximum), "sum": .of(result.sum),
            "median": .of(result.median), "p25": .of(result.p25), "p75": .of(result.p75), "p90": .of(result.p90),
            "p95": .of(result.p95), "p99": .of(result.p99), "skewness": .of(result.moments.skewness),
            "excess_kurtosis": .of(result.moments.excessKurtosis),
        ]
    }
}
