import EdisonCore
import EdisonStatistics
import EdisonTestKit
import Testing

@Suite("bootstrap intervals") struct ResamplingFixtureTests {
    @Test(
        "intervals of one and two samples agree with the oracle", provided("bootstrap"),
        arguments: OracleCase.all("bootstrap"))
    func bootstrap(_ oracle: OracleCase) {
        oracle.check { fixture in
            let input = OracleInput(fixture.input)
            let got = Self.json(try Self.run(input))
            guard fixture.tags.contains("montecarlo"), var want = fixture.expected.object else {
                return FixtureComparison.differences(got: got, want: fixture.expected, tolerance: fixture.tolerance)
            }
            var faults: [String] = []
            for (key, bound) in [
                ("percentile", "mc_abs_tolerance_percentile"), ("bca", "mc_abs_tolerance_bca"),
                ("boot_se", "mc_rel_tolerance_boot_se"),
            ] {
                guard let limit = want[bound]?.double else { throw OracleInput.Missing(key: bound) }
                let tolerance = FixtureTolerance(rel: key == "boot_se" ? limit : 0, abs: key == "boot_se" ? 0 : limit)
                faults += FixtureComparison.differences(
                    got: got[key], want: want[key] ?? .null, tolerance: tolerance, path: ".\(key)")
                want[key] = nil
                want[bound] = nil
            }
            return faults + FixtureComparison.differences(got: got, want: .object(want), tolerance: fixture.tolerance)
        }
    }

    @Test(
        "intervals over cases agree with the oracle", provided("bootstrap_clustered"),
        arguments: OracleCase.all("bootstrap_clustered"))
    func clustered(_ oracle: OracleCase) {
        oracle.check { input in
            guard let statistic = Bootstrap.ClusterStatistic(rawValue: try input.text("statistic")) else {
                throw OracleInput.Missing(key: "statistic")
            }
            let bootstrap = Bootstrap(.given(try input.integerMatrix("indices")), alpha: try input.number("alpha"))
            let result = bootstrap.interval(of: statistic, cases: try input.matrix("cases"))
            guard var object = Self.json(result.interval).object else { return .null }
            object["n_cases"] = Output.int(result.cases)
            return .object(object)
        }
    }

    private static func run(_ input: OracleInput) throws -> BootstrapInterval {
        guard let statistic = Bootstrap.Statistic(rawValue: try input.text("statistic")) else {
            throw OracleInput.Missing(key: "statistic")
        }
        let alpha = try input.number("alpha")
        switch try input.text("kind") {
        case "indices":
            let plan = ResamplePlan.given(try input.integerMatrix("indices"))
            return Bootstrap(plan, alpha: alpha).interval(of: statistic, try input.numbers("values"))
        case "montecarlo":
            let plan = ResamplePlan.random(resamples: max(10_000, try input.int("resamples")), seed: 20_240_717)
            let bootstrap = Bootstrap(plan, alpha: alpha)
            if input.has("values") { return bootstrap.interval(of: statistic, try input.numbers("values")) }
            return bootstrap.difference(of: statistic, a: try input.numbers("a"), b: try input.numbers("b"))
        default: throw OracleInput.Missing(key: "kind")
        }
    }

    private static func json(_ result: BootstrapInterval) -> JSONValue {
        [
            "status": Output.status(result.status), "theta": Output.number(result.estimate),
            "percentile": Output.interval(result.percentile), "bca": Output.interval(result.bca),
            "z0": Output.number(result.biasCorrection), "acceleration": Output.number(result.acceleration),
            "boot_se": Output.number(result.standardError),
        ]
    }
}
