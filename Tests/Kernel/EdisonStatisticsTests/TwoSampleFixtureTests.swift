import EdisonCore
import EdisonStatistics
import EdisonTestKit
import Testing

@Suite struct TwoSampleFixtureTests {
    @Test(
        "Welch's and Student's t tests match the oracles", provided("welch_t_test"),
        arguments: FixtureSuite.cases("welch_t_test"))
    func welch(_ oracle: OracleCase) throws {
        try FixtureSuite.check(oracle) { input in
            let (alpha, alternative) = (try input.alpha(), try input.alternative())
            let isPooled = input["equal_var"]?.bool ?? false
            let result: WelchTTest
            if let a = input["a_summary"], let b = input["b_summary"] {
                result = WelchTTest(
                    try Self.summary(a), try Self.summary(b), alpha: alpha, alternative: alternative,
                    equalVariances: isPooled)
            } else {
                result = WelchTTest(
                    try input.numbers("a"), try input.numbers("b"), alpha: alpha, alternative: alternative,
                    equalVariances: isPooled)
            }
            return [
                "status": .of(result.status), "mean_a": .of(result.meanA), "mean_b": .of(result.meanB),
                "diff": .of(result.difference), "se": .of(result.standardError), "t": .of(result.t),
                "df": .of(result.df), "p_value": .of(result.pValue), "ci": .of(result.interval),
            ]
        }
    }

    private static func summary(_ json: JSONValue) throws -> SampleSummary {
        guard let count = try json.count("n") else { throw UnreadableInput(description: "n is not whole") }
        return SampleSummary(count: count, mean: json["mean"]?.oracleNumber, variance: json["variance"]?.oracleNumber)
    }

    @Test(
        "Mann-Whitney tests match the oracles", provided("mann_whitney"), arguments: FixtureSuite.cases("mann_whitney"))
    func mannWhitney(_ oracle: OracleCase) throws {
        try FixtureSuite.check(oracle) { input in
            let result = MannWhitneyTest(
                try input.numbers("a"), try input.numbers("b"), alternative: try input.alternative(),
                method: try input.rankMethod())
            return [
                "status": .of(result.status), "u": .of(result.u), "auc": .of(result.auc),
                "rank_biserial": .of(result.rankBiserial), "hodges_lehmann": .of(result.hodgesLehmann),
                "p_value": .of(result.pValue),
            ]
        }
    }

    @Test("CUPED matches the oracles", provided("cuped"), arguments: FixtureSuite.cases("cuped"))
    func cuped(_ oracle: OracleCase) throws {
        try FixtureSuite.check(oracle) { input in
            let result = CUPED(
                yA: try input.numbers("y_a"), xA: try Self.covariate(input, "x_a"), yB: try input.numbers("y_b"),
                xB: try Self.covariate(input, "x_b"), alpha: try input.alpha())
            return [
                "status": .of(result.status), "theta": .of(result.theta), "diff": .of(result.difference),
                "se": .of(result.standardError), "t": .of(result.t), "df": .of(result.df),
                "p_value": .of(result.pValue), "ci": .of(result.interval), "raw_diff": .of(result.rawDifference),
                "raw_se": .of(result.rawError), "variance_reduction": .of(result.varianceReduction),
            ]
        }
    }

    private static func covariate(_ input: JSONValue, _ key: String) throws -> [Double?] {
        try input.elements(key).map { element in
            if element.isNull { return nil }
            guard let value = element.oracleNumber else { throw UnreadableInput(description: key) }
            return value
        }
    }

    @Test(
        "relative effects match the oracles", provided("relative_effect_test"),
        arguments: FixtureSuite.cases("relative_effect_test"))
    func relativeEffect(_ oracle: OracleCase) throws {
        try FixtureSuite.check(oracle) { input in
            guard let control = input["control"], let treatment = input["treatment"],
                let kind = EffectEstimate.Kind(rawValue: try input.text("difference_type"))
            else { throw UnreadableInput(description: "arms") }
            let result = RelativeEffectTest(
                control: try Self.arm(control), treatment: try Self.arm(treatment), kind: kind,
                alpha: try input.alpha())
            return [
                "status": .of(result.status), "expected": .of(result.effect), "stddev": .of(result.standardError),
                "df": .of(result.df), "p_value": .of(result.pValue), "ci": .of(result.interval),
            ]
        }
    }

    private static func arm(_ json: JSONValue) throws -> ArmStatistics {
        guard let count = try json.count("n") else { throw UnreadableInput(description: "n is not whole") }
        switch try json.text("kind") {
        case "mean":
            return .mean(count: count, sum: try json.number("sum"), sumOfSquares: try json.number("sum_squares"))
        case "proportion": return .proportion(count: count, successes: try json.number("sum"))
        case "ratio":
            return .ratio(
                count: count, numerator: try json.number("m_sum"), numeratorSquares: try json.number("m_sum_squares"),
                denominator: try json.number("d_sum"), denominatorSquares: try json.number("d_sum_squares"),
                products: try json.number("m_d_sum_of_products"))
        case let other: throw UnreadableInput(description: "unknown kind \(other)")
        }
    }

    @Test("equivalence tests match the oracles", provided("equivalence"), arguments: FixtureSuite.cases("equivalence"))
    func equivalence(_ oracle: OracleCase) throws {
        try FixtureSuite.check(oracle) { input in
            let result = EquivalenceTest(
                try input.numbers("a"), try input.numbers("b"), margin: try input.number("margin"),
                alpha: try input.alpha())
            return [
                "status": .of(result.status), "diff": .of(result.difference),
                "tost_p": .of(result.equivalencePValue), "p_lower": .of(result.lowerPValue),
                "p_upper": .of(result.upperPValue), "noninferiority_p": .of(result.noninferiorityPValue),
                "ci": .of(result.interval), "equivalent": .of(result.isEquivalent),
                "noninferior": .of(result.isNoninferior),
            ]
        }
    }

    @Test("effect sizes match the oracles", provided("effect_sizes"), arguments: FixtureSuite.cases("effect_sizes"))
    func effectSizes(_ oracle: OracleCase) throws {
        try FixtureSuite.check(oracle) { input in
            let result = EffectSizes(try input.numbers("a"), try input.numbers("b"), alpha: try input.alpha())
            return [
                "status": .of(result.status), "cohens_d": .of(result.cohensD), "hedges_g": .of(result.hedgesG),
                "d_ci": .of(result.cohensDInterval), "glass_delta": .of(result.glassDelta),
                "cliffs_delta": .of(result.cliffsDelta), "cles": .of(result.commonLanguage),
                "log_ratio_means": .of(result.logRatioOfMeans),
            ]
        }
    }
}
