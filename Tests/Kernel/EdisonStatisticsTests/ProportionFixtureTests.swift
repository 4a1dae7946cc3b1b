import EdisonCore
import EdisonStatistics
import EdisonTestKit
import Testing

@Suite struct ProportionFixtureTests {
    @Test(
        "comparisons of two pass rates match the oracles", provided("two_proportions"),
        arguments: FixtureSuite.cases("two_proportions"))
    func twoProportions(_ oracle: OracleCase) throws {
        try FixtureSuite.check(oracle) { input in
            guard let xa = try input.count("x_a"), let na = try input.count("n_a"), let xb = try input.count("x_b"),
                let nb = try input.count("n_b")
            else { return Self.notCounts }
            let result = TwoProportions(
                successesA: xa, trialsA: na, successesB: xb, trialsB: nb, alpha: try input.alpha())
            return [
                "status": .of(result.status), "p_a": .of(result.proportionA), "p_b": .of(result.proportionB),
                "diff": .of(result.difference), "relative_lift": .of(result.relativeLift), "z": .of(result.z),
                "p_value": .of(result.pValue), "ci_wald": .of(result.wald), "ci_newcombe": .of(result.newcombe),
                "ci_agresti_caffo": .of(result.agrestiCaffo), "fisher_p": .of(result.fisherPValue),
                "risk_ratio": .of(result.riskRatio), "risk_ratio_ci": .of(result.riskRatioInterval),
                "odds_ratio": .of(result.oddsRatio), "odds_ratio_ci": .of(result.oddsRatioInterval),
            ]
        }
    }

    /// Counts are integers by type, so what is not whole is refused before the function is called.
    private static var notCounts: JSONValue { ["status": .of(.invalidInput)] }

    @Test(
        "intervals of one pass rate match the oracles", provided("proportion_ci"),
        arguments: FixtureSuite.cases("proportion_ci"))
    func interval(_ oracle: OracleCase) throws {
        try FixtureSuite.check(oracle) { input in
            guard let x = try input.count("x"), let n = try input.count("n") else { return Self.notCounts }
            let result = ProportionInterval(successes: x, trials: n, alpha: try input.alpha())
            return [
                "status": .of(result.status), "p": .of(result.proportion), "wilson": .of(result.wilson),
                "clopper_pearson": .of(result.clopperPearson), "jeffreys": .of(result.jeffreys),
                "agresti_coull": .of(result.agrestiCoull),
            ]
        }
    }

    @Test("McNemar's tests match the oracles", provided("mcnemar"), arguments: FixtureSuite.cases("mcnemar"))
    func mcNemar(_ oracle: OracleCase) throws {
        try FixtureSuite.check(oracle) { input in
            guard let both = try input.count("both"), let onlyA = try input.count("a_only"),
                let onlyB = try input.count("b_only"), let neither = try input.count("neither")
            else { return Self.notCounts }
            let result = McNemarTest(
                both: both, onlyA: onlyA, onlyB: onlyB, neither: neither, alpha: try input.alpha())
            return [
                "status": .of(result.status), "n": .of(result.count), "diff": .of(result.difference),
                "exact_p": .of(result.exactPValue), "mid_p": .of(result.midPValue),
                "chi2_cc": .of(result.chiSquared), "chi2_p": .of(result.chiSquaredPValue),
                "se_diff": .of(result.standardError), "ci": .of(result.interval), "p_value": .of(result.pValue),
            ]
        }
    }

    @Test("pass@k and pass^k match the oracles", provided("pass_at_k"), arguments: FixtureSuite.cases("pass_at_k"))
    func passAtK(_ oracle: OracleCase) throws {
        try FixtureSuite.check(oracle) { input in
            let items = try input.elements("items").map { item in
                guard let n = item[0]?.int, let c = item[1]?.int else { throw UnreadableInput(description: "item") }
                return PassAtK.Item(attempts: n, passes: c)
            }
            guard let k = try input.count("k") else { return Self.notCounts }
            let result = PassAtK(items, k: k)
            let perItem = result.items?.map { rates -> JSONValue in
                guard let rates else { return .null }
                return [.number(rates.anyPasses), .number(rates.allPass)]
            }
            return [
                "status": .of(result.status), "pass_at_k": .of(result.anyPasses), "pass_hat_k": .of(result.allPass),
                "per_item": perItem.map(JSONValue.array) ?? .null, "skipped": .of(result.skipped),
            ]
        }
    }

    @Test(
        "comparisons of two rates of counts match the oracles", provided("poisson_rates"),
        arguments: FixtureSuite.cases("poisson_rates"))
    func poissonRates(_ oracle: OracleCase) throws {
        try FixtureSuite.check(oracle) { input in
            guard let xa = try input.count("x_a"), let xb = try input.count("x_b") else { return Self.notCounts }
            let result = PoissonRates(
                countA: xa, exposureA: try input.number("e_a"), countB: xb, exposureB: try input.number("e_b"),
                alpha: try input.alpha())
            return [
                "status": .of(result.status), "rate_a": .of(result.rateA), "rate_b": .of(result.rateB),
                "ratio": .of(result.ratio), "rate_diff": .of(result.difference), "exact_p": .of(result.exactPValue),
                "mid_p": .of(result.midPValue), "score_z": .of(result.scoreZ), "score_p": .of(result.scorePValue),
                "ratio_ci": .of(result.ratioInterval),
            ]
        }
    }

    @Test("Cohen's h matches the oracles", provided("cohens_h"), arguments: FixtureSuite.cases("cohens_h"))
    func cohensH(_ oracle: OracleCase) throws {
        try FixtureSuite.check(oracle) { input in
            let h = CohensH.effect(from: try input.number("p_a"), to: try input.number("p_b"))
            return ["status": .of(h == nil ? .invalidInput : .ok), "h": .of(h)]
        }
    }
}
