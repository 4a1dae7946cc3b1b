import EdisonCore
import EdisonStatistics
import EdisonTestKit
import Testing

@Suite("tests that may be looked at early") struct SequentialFixtureTests {
    @Test(
        "the paired gate agrees with the oracle", provided("sequential_paired"),
        arguments: OracleCase.all("sequential_paired"))
    func paired(_ oracle: OracleCase) {
        oracle.check { input in
            let result = SequentialPairedTest(
                try input.numbers("d"), looks: try input.ints("looks"), alpha: try input.number("alpha"),
                tuning: try input.number("tuning_n"))
            let looks = result.looks.map { look -> JSONValue in
                [
                    "n": Output.int(look.count), "mean": Output.number(look.mean),
                    "sd": Output.number(look.standardDeviation), "halfwidth": Output.number(look.halfwidth),
                    "ci": Output.interval(look.interval), "p_value": Output.number(look.p),
                    "running_ci": Output.interval(look.runningInterval), "running_p": .number(look.runningP),
                    "verdict": .string(look.verdict.rawValue), "drift": .bool(look.hasDrifted),
                ]
            }
            return ["status": Output.status(result.status), "looks": .array(looks)]
        }
    }

    @Test(
        "the difference of two growing arms agrees with the oracle", provided("sequential_asymptotic_cs"),
        arguments: OracleCase.all("sequential_asymptotic_cs"))
    func difference(_ oracle: OracleCase) {
        oracle.check { input in
            let arms = try input.list("looks").map { look in
                (a: try Self.arm(try OracleInput(look).nested("a")), b: try Self.arm(try OracleInput(look).nested("b")))
            }
            let result = SequentialDifferenceTest(
                looks: arms, alpha: try input.number("alpha"), tuning: try input.number("tuning_n"))
            let looks = result.looks.map { look -> JSONValue in
                [
                    "diff": Output.number(look.difference), "se": Output.number(look.standardError),
                    "halfwidth": Output.number(look.halfwidth), "ci": Output.interval(look.interval),
                    "p_value": Output.number(look.p), "running_ci": Output.interval(look.runningInterval),
                    "running_p": .number(look.runningP), "stop": .bool(look.mayStop), "drift": .bool(look.hasDrifted),
                ]
            }
            return [
                "status": Output.status(result.status), "looks": .array(looks),
                "first_stop_look": Output.int(result.firstStop),
            ]
        }
    }

    private static func arm(_ input: OracleInput) throws -> SequentialDifferenceTest.Arm {
        SequentialDifferenceTest.Arm(
            count: try input.int("n"), mean: try input.number("mean"), variance: try input.number("variance"))
    }

    /// A boundary above 8 may be infinite: such looks are compared by what is spent alone.
    @Test(
        "boundaries of planned looks agree with the oracle", provided("group_sequential"),
        arguments: OracleCase.all("group_sequential"))
    func planned(_ oracle: OracleCase) {
        oracle.check { fixture in
            let input = OracleInput(fixture.input)
            guard let spending = AlphaSpending(rawValue: try input.text("spending")) else {
                throw OracleInput.Missing(key: "spending")
            }
            let result = GroupSequentialBoundaries(
                fractions: try input.numbers("fractions"), alpha: try input.number("alpha"), spending: spending)
            var boundaries = result.criticalZ.map(JSONValue.number)
            var nominal = result.nominalP.map(JSONValue.number)
            for (look, want) in (fixture.expected["critical_z"]?.array ?? []).enumerated() {
                let z = try OracleInput.number(want, "critical_z")
                if z > 8, look < boundaries.count, result.criticalZ[look] > 8 {
                    boundaries[look] = want
                    nominal[look] = fixture.expected["nominal_p"]?[look] ?? .null
                }
            }
            let got: JSONValue = [
                "status": Output.status(result.status), "critical_z": .array(boundaries), "nominal_p": .array(nominal),
                "cumulative_alpha": Output.numbers(result.cumulativeAlpha),
            ]
            return FixtureComparison.differences(got: got, want: fixture.expected, tolerance: fixture.tolerance)
        }
    }

    @Test(
        "the mixture ratio test agrees with the oracle", provided("sequential_msprt"),
        arguments: OracleCase.all("sequential_msprt"))
    func mixtureRatio(_ oracle: OracleCase) {
        oracle.check { input in
            let result = MixtureSPRT(
                difference: try input.number("diff"), variance: try input.number("V"),
                mixingVariance: try input.number("tau2"), alpha: try input.number("alpha"))
            return [
                "status": Output.status(result.status),
                "log_likelihood_ratio": Output.number(result.logLikelihoodRatio), "p_value": Output.number(result.p),
                "halfwidth": Output.number(result.halfwidth),
            ]
        }
    }

    @Test(
        "the sequence for bounded scores agrees with the oracle", provided("sequential_empirical_bernstein"),
        arguments: OracleCase.all("sequential_empirical_bernstein"))
    func empiricalBernstein(_ oracle: OracleCase) {
        oracle.check { input in
            let result = EmpiricalBernsteinSequence(try input.numbers("values"), alpha: try input.number("alpha"))
            return [
                "status": Output.status(result.status), "lower": Output.numbers(result.lower),
                "upper": Output.numbers(result.upper), "running_lower": Output.numbers(result.runningLower),
                "running_upper": Output.numbers(result.runningUpper),
            ]
        }
    }

    @Test(
        "the peeking-safe ratio check agrees with the oracle", provided("sequential_srm"),
        arguments: OracleCase.all("sequential_srm"))
    func ratio(_ oracle: OracleCase) {
        oracle.check { input in
            let result = SequentialRatioCheck(
                weights: try input.numbers("weights"), looks: try input.integerMatrix("looks"),
                concentration: try input.number("k"), threshold: try input.number("threshold"))
            return [
                "status": Output.status(result.status), "log_bayes_factor": Output.numbers(result.logBayesFactors),
                "p_running": Output.numbers(result.runningP), "first_mismatch_look": Output.int(result.firstMismatch),
            ]
        }
    }
}
