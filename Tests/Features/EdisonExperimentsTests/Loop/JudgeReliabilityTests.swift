import EdisonCore
import EdisonExperiments
import EdisonTestKit
import Testing

@Suite("The reliability of judges")
struct JudgeReliabilityTests {
    /// Three judges see the truth through noise, one of them two points too mild; the last one sees nothing but noise.
    private static var model: ScriptedModel {
        var model = ScriptedModel()
        model.score = { rules, call in
            func draw(_ parts: String...) -> Double { Double(DerivedSeed(3, parts).value % 10_000) / 10_000 - 0.5 }
            let truth = 0.35 + 0.05 * Double(rules) + 0.4 * draw("truth", call["case_input"] ?? "")
            let noise = draw("noise", call.model, call["output"] ?? "")
            switch call.model {
            case "bad": return min(1, max(0, 0.5 + 0.9 * noise))
            case "mild": return min(1, truth + 0.2 + 0.06 * noise)
            default: return max(0, truth + 0.06 * noise)
            }
        }
        return model
    }

    private func evaluated(_ judges: [String], _ use: (JSONValue) throws -> Void) async throws {
        try await LoopFixture.running(Self.model) { fixture in
            let definition = fixture.definition(cases: 24, judges: judges)
            let finished = try await fixture.service.evaluate(definition, start: .continueOrNew) { _ in }
            try use(.object(finished.result.json))
        }
    }

    @Test("a judge that errs at random gets the least weight, nobody too much, and a mild one is only shifted")
    func weights() async throws {
        try await evaluated(["fair", "second", "mild", "bad"]) { json in
            let weights = (json["judge_weights"]?.object?.members ?? []).map { ($0.key, $0.value.double ?? .nan) }
            let table = Dictionary(weights, uniquingKeysWith: { first, _ in first })
            #expect(abs(table.values.reduce(0, +) - 1) < 1e-9)
            #expect(table.values.allSatisfy { $0 >= 0.02 - 1e-12 && $0 <= 0.6 + 1e-12 })
            let bad = try #require(table["bad"])
            #expect(bad < 0.06)
            for name in ["fair", "second", "mild"] { #expect((table[name] ?? 0) > 4 * bad) }
            let offsets = json["judge_offsets"]
            let gap = (offsets?["mild"]?.double ?? 0) - (offsets?["fair"]?.double ?? 0)
            #expect(abs(gap - 0.2) < 0.03)
        }
    }

    @Test("agreement falls and an alarm sounds when the ensemble is joined by a bad judge")
    func alarm() async throws {
        var alphas: [Double] = []
        try await evaluated(["fair", "second", "third"]) { json in
            alphas.append(json["agreement"]?["composite"]?.double ?? .nan)
            #expect(json["agreement"]?["alarm"] == false)
        }
        try await evaluated(["fair", "bad"]) { json in
            alphas.append(json["agreement"]?["composite"]?.double ?? .nan)
            #expect(json["agreement"]?["alarm"] == true)
            #expect(json["agreement"]?["warnings"]?.array?.contains { $0.string?.contains("agree") == true } == true)
        }
        #expect(alphas[0] > 0.8)
        #expect(alphas[1] < 0.6)
    }

    @Test("the order in which judges stand in the file changes no weight and no score")
    func permutation() async throws {
        var tables: [JSONValue] = []
        for judges in [["fair", "mild", "bad"], ["bad", "fair", "mild"]] {
            try await evaluated(judges) { json in
                tables.append(json["judge_weights"] ?? .null)
                tables.append(json["composite"] ?? .null)
            }
        }
        #expect(tables[0] == tables[2])
        #expect(tables[1] == tables[3])
    }

    @Test("one judge has all the weight, and no agreement with anybody")
    func single() async throws {
        try await evaluated(["fair"]) { json in
            #expect(json["judge_weights"] == ["fair": 1.0])
            #expect(json["agreement"]?["composite"] == .null)
        }
    }

    @Test("with few outputs the weights stay equal")
    func few() async throws {
        try await LoopFixture.running(Self.model) { fixture in
            let definition = fixture.definition(cases: 8, judges: ["fair", "bad"])
            let finished = try await fixture.service.evaluate(definition, start: .continueOrNew) { _ in }
            #expect(finished.result.json["judge_weights"] == ["bad": 0.5, "fair": 0.5])
        }
    }

    @Test("the races are judged by the first pointwise judge, the evidence by all")
    func searchJudge() async throws {
        try await LoopFixture.running { fixture in
            var definition = fixture.definition(cases: 40, judges: ["cheap", "dear"])
            definition.stop.maxIterations = 1
            definition.holdout = 0
            try await fixture.refine(definition)
            let judged = fixture.wireCalls("judgment")
            let ofCandidate = judged.filter { $0["output"]?.contains("rules=1") == true }
            // A random tenth may be judged by all, to measure agreement.
            #expect(ofCandidate.count { $0.model == "cheap" } >= 3)
            #expect(ofCandidate.count { $0.model == "dear" } <= ofCandidate.count / 4)
            let ofFirst = judged.filter { $0["output"]?.contains("rules=0") == true }
            #expect(ofFirst.count { $0.model == "dear" } == 4)
        }
    }
}
