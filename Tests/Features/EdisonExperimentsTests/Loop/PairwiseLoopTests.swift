import EdisonCore
import EdisonEvaluation
import EdisonExperiments
import EdisonTestKit
import Testing

@Suite("Pairwise judges in the loop")
struct PairwiseLoopTests {
    private func run(
        _ compare: @escaping @Sendable (WireCall) -> String, _ use: (LoopFixture, RunResult) async throws -> Void
    ) async throws {
        var model = ScriptedModel()
        model.compare = compare
        try await LoopFixture.running(model) { fixture in
            var definition = fixture.definition(cases: 40)
            definition.judges.append(Sample.judge("pairs", at: fixture.server.url, mode: .pairwise))
            definition.stop.maxIterations = 1
            // Enough cases for an interval before the race ends.
            definition.loop.race.firstLook = 8
            try await use(fixture, try await fixture.refine(definition).result)
        }
    }

    @Test("both orders of every pair are shown, and neither enters the composite")
    func bothOrders() async throws {
        try await run(ScriptedModel().compare) { fixture, result in
            let shown = fixture.wireCalls("comparison").map { [$0["output_1"] ?? "", $0["output_2"] ?? ""] }
            #expect(!shown.isEmpty)
            for pair in shown { #expect(shown.contains(pair.reversed())) }
            #expect(Set(shown).count == shown.count)
            #expect(result.json["versions"]?[1]?["status"] != "rejected")
            let composite = result.json["iterations"]?[0]?["metrics"]?["composite"]?["score"]?.double
            #expect(abs((composite ?? 0) - 0.3) < 1e-9)
            #expect(result.json["judge_weights"]?.object?.keys == ["judge"])
        }
    }

    @Test("judges that prefer the parent in both orders veto an accepted version")
    func veto() async throws {
        let preferFewer: @Sendable (WireCall) -> String = { call in
            let first = ScriptedModel.rules(in: call["output_1"] ?? "")
            let second = ScriptedModel.rules(in: call["output_2"] ?? "")
            return first < second ? "1" : "2"
        }
        try await run(preferFewer) { _, result in
            #expect(result.json["versions"]?[1]?["status"] == "rejected")
            #expect(result.json["versions"]?[1]?["decision"]?["reason"]?.string?.contains("veto") == true)
        }
    }

    @Test("a judge that looks only at the position vetoes nothing, and is excluded")
    func positionBias() async throws {
        try await run({ _ in "1" }) { _, result in
            #expect(result.json["versions"]?[1]?["status"] != "rejected")
            #expect(result.json["pairwise"]?["judges"]?["pairs"]?["consistency"]?.double == 0)
            #expect(result.json["pairwise"]?["judges"]?["pairs"]?["first_slot_rate"]?.double == 1)
            #expect(result.json["pairwise"]?["judges"]?["pairs"]?["excluded"] == true)
        }
    }

    @Test("first and best are compared on the hold-out, too")
    func holdout() async throws {
        try await run(ScriptedModel().compare) { _, result in
            let comparisons = result.json["pairwise"]?["comparisons"]?.array ?? []
            let last = comparisons.first { $0["split"] == "holdout" }
            #expect(last?["version_id"] == result.json["holdout"]?["version_id"])
            #expect(last?["other_version_id"] == result.json["first_version_id"])
            #expect(last?["win_rate"]?.double == 1)
        }
    }
}
