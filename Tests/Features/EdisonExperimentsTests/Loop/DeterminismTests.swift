import EdisonCore
import EdisonDatasets
import EdisonEvaluation
import EdisonExperiments
import EdisonLLM
import EdisonPrompts
import EdisonSQL
import EdisonTestKit
import Testing

@Suite("The same seed, the same result")
struct DeterminismTests {
    /// Versions by content, decisions, metrics, hold-out: all that two equal runs have in common.
    private func essence(_ result: RunResult) -> JSONValue {
        let numbers = Dictionary(
            (result.json["versions"]?.array ?? []).map { ($0["id"]?.string ?? "", $0["number"] ?? .null) },
            uniquingKeysWith: { first, _ in first })
        func number(_ id: JSONValue?) -> JSONValue { numbers[id?.string ?? ""] ?? .null }
        let holdout = result.json["holdout"]
        return [
            "versions": .array(
                (result.json["versions"]?.array ?? []).map { version in
                    [
                        "number": version["number"] ?? .null, "parent": number(version["parent_id"]),
                        "status": version["status"] ?? .null, "text": version["text"] ?? .null,
                        "diff": version["diff"] ?? .null,
                        "decision": .array(
                            ["by", "reason", "delta", "interval", "cases", "judges"].map {
                                version["decision"]?[$0] ?? .null
                            }),
                    ]
                }),
            "metrics": .array((result.json["iterations"]?.array ?? []).map { $0["metrics"] ?? .null }),
            "best": number(result.json["best_version_id"]),
            "holdout": .array(["first", "best", "difference", "interval", "cases"].map { holdout?[$0] ?? .null }),
            "reason": result.json["stop_reason"] ?? .null, "verdict": result.json["verdict"] ?? .null,
        ]
    }

    /// Two judges that err by the text that they see, and edits that help only sometimes.
    private static var noisy: ScriptedModel {
        var model = ScriptedModel()
        model.score = { rules, call in
            let draw = Double(DerivedSeed(5, call.model, call["output"] ?? "").value % 1_000) / 1_000
            return min(1, max(0, 0.3 + 0.05 * Double(rules) + 0.4 * (draw - 0.5)))
        }
        model.refine = { .json(ScriptedModel.addingRule(to: $0["prompt"] ?? "", skipping: $0.seed % 5)) }
        return model
    }

    @Test("the same seed gives the same result at concurrency 1, 8 and 64, whatever the order of the cases")
    func determinism() async throws {
        var essences: [JSONValue] = []
        for concurrency in [1, 8, 64] {
            try await LoopFixture.running(Self.noisy) { fixture in
                var definition = fixture.definition(cases: 24, judges: ["judge", "second"])
                definition.loop.proposals = 2
                definition.loop.concurrency = concurrency
                definition.stop.maxIterations = 2
                if concurrency == 8 { definition.cases = definition.cases.reversed() }
                essences.append(essence(try await fixture.refine(definition).result))
            }
        }
        #expect(essences[0]["versions"]?.array?.count ?? 0 >= 3)
        for (key, value) in essences[0].object ?? [:] {
            #expect(essences[1][key]?.text() == value.text())
            #expect(essences[2][key]?.text() == value.text())
        }
    }

    @Test("another seed is another run")
    func otherSeed() async throws {
        try await LoopFixture.running(Self.noisy) { fixture in
            var essences: [JSONValue] = []
            for seed in [1, 2] as [UInt64] {
                var definition = fixture.definition(cases: 24)
                definition.stop.maxIterations = 1
                definition.seed = seed
                essences.append(essence(try await fixture.refine(definition).result))
            }
            #expect(essences[0] != essences[1])
        }
    }
}
