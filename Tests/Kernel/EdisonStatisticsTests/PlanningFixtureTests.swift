import EdisonCore
import EdisonStatistics
import EdisonTestKit
import Testing

@Suite struct PlanningFixtureTests {
    @Test("sample ratio checks match the oracles", provided("srm_check"), arguments: FixtureSuite.cases("srm_check"))
    func sampleRatio(_ oracle: OracleCase) throws {
        try FixtureSuite.check(oracle) { input in
            let observed = try input.numbers("observed").compactMap(Int.init(exactly:))
            let result = SampleRatioCheck(
                observed: observed, weights: try input.numbers("weights"),
                threshold: try input.number("threshold", default: 0.001))
            return [
                "status": .of(result.status), "chi2": .of(result.chiSquared), "df": .of(result.df),
                "p_value": .of(result.pValue), "mismatch": .of(result.isMismatch),
                "max_relative_deviation": .of(result.largestRelativeDeviation),
                "low_expected": .of(result.hasLowExpectation),
            ]
        }
    }

    @Test(
        "adjusted p-values match the oracles", provided("multiple_comparisons"),
        arguments: FixtureSuite.cases("multiple_comparisons"))
    func multipleComparisons(_ oracle: OracleCase) throws {
        try FixtureSuite.check(oracle) { input in
            let pValues = try input.elements("p_values").map { element -> Double? in
                if element.isNull { return nil }
                guard let p = element.oracleNumber else { throw UnreadableInput(description: "p_values") }
                return p
            }
            let result = MultipleComparisons(pValues, alpha: try input.alpha())
            var json: JSONObject = ["status": .of(result.status)]
            for method in MultipleComparisons.Method.allCases {
                json[method.rawValue] = .array(result.adjusted(by: method).map { .of($0) })
                json["reject_\(method.rawValue)"] = .array(result.rejected(by: method).map { .of($0) })
            }
            return .object(json)
        }
    }

    @Test(
        "power, sample sizes and detectable effects match the oracles", provided("power"),
        arguments: FixtureSuite.cases("power"))
    func power(_ oracle: OracleCase) throws {
        try FixtureSuite.check(oracle) { input in
            let analysis = PowerAnalysis(
                try Self.test(input), alpha: try input.alpha(),
                isTwoSided: try input.text("alternative", default: "two-sided") == "two-sided")
            let answer: PowerAnalysis.Answer
            switch try input.text("solve") {
            case "power": answer = analysis.power(effect: try Self.effect(input), n: try input.number("n"))
            case "n": answer = analysis.sampleSize(effect: try Self.effect(input), power: try input.number("power"))
            case "effect":
                answer = analysis.detectableEffect(n: try input.number("n"), power: try input.number("power"))
            case let other: throw UnreadableInput(description: "unknown unknown \(other)")
            }
            return ["status": .of(answer.status), "value": .of(answer.value), "n_ceil": .of(answer.roundedUp)]
        }
    }

    private static func test(_ input: JSONValue) throws -> PlannedTest {
        switch try input.text("test") {
        case "t_ind": return .independentT(ratio: try input.number("ratio", default: 1))
        case "t_paired": return .pairedT
        case "z_prop_h": return .proportionsByH
        case "prop_unpooled":
            let first = try input.number("p1")
            return .proportions(from: first, to: try input.number("p2", default: first))
        case let other: throw UnreadableInput(description: "unknown test \(other)")
        }
    }

    private static func effect(_ input: JSONValue) throws -> Double {
        if let effect = input["effect"]?.oracleNumber { return effect }
        let (first, second) = (try input.number("p1"), try input.number("p2"))
        guard let h = CohensH.effect(from: first, to: second) else { return .nan }
        return h
    }
}
