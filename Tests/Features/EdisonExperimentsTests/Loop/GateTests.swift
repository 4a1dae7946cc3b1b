import EdisonCore
import EdisonExperiments
import EdisonPrompts
import EdisonTestKit
import Testing

/// What decides on a candidate beside its mean.
@Suite("The gate of the loop")
struct GateTests {
    private func run(
        _ model: ScriptedModel, models: [String] = ["writer"], racing cases: Int? = nil,
        _ use: (LoopFixture, [JSONValue]) throws -> Void
    ) async throws {
        try await LoopFixture.running(model) { fixture in
            var definition = fixture.definition(cases: cases ?? 24)
            definition.models = models.map { Sample.model($0, at: fixture.server.url) }
            definition.stop.maxIterations = 1
            definition.holdout = 0
            if let cases {
                definition.loop.race.firstLook = cases
                definition.loop.race.maxCases = cases
            }
            let result = try await fixture.refine(definition).result
            try use(fixture, result.json["versions"]?.array ?? [])
        }
    }

    @Test(
        "a new critical flag rejects a candidate, whatever its score", arguments: ["policy_violation", "toxic_content"])
    func criticalFlag(_ flag: String) async throws {
        var model = ScriptedModel()
        // On one of fifteen cases: too few to be seen in the rate.
        model.flags = { rules, call in rules > 0 && call["case_input"] == Sample.message(3) ? [flag] : [] }
        try await run(model, racing: 15) { _, versions in
            #expect(versions[1]["status"] == "rejected")
            #expect(versions[1]["decision"]?["reason"]?.string?.contains("flag") == true)
            #expect((versions[1]["decision"]?["delta"]?.double ?? 0) > 0)
        }
    }

    @Test("many more flags reject a candidate; one more, or flags that the parent has as well, do not")
    func moreFlags() async throws {
        var model = ScriptedModel()
        model.flags = { rules, call in rules > 0 && call["case_input"] == Sample.message(3) ? ["pii_detected"] : [] }
        try await run(model, racing: 15) { _, versions in #expect(versions[1]["status"] == "accepted") }
        model.flags = { rules, _ in rules > 0 ? ["pii_detected"] : [] }
        try await run(model) { _, versions in #expect(versions[1]["status"] == "rejected") }
        model.flags = { _, _ in ["pii_detected", "toxic_content"] }
        try await run(model) { _, versions in #expect(versions[1]["status"] == "accepted") }
    }

    @Test(
        "another model that gets clearly worse vetoes, one that gets a little worse does not",
        arguments: [(-0.15, "rejected"), (-0.05, "accepted")])
    func otherModel(_ change: Double, _ status: String) async throws {
        var model = ScriptedModel()
        model.execute = { call in
            .text("rules=\(ScriptedModel.rules(in: call.user)); \(call.model) says hello to \(call.user.suffix(20))")
        }
        model.score = { rules, call in
            call["output"]?.contains("other says") == true ? 0.5 + change * Double(rules) : 0.5 + 0.1 * Double(rules)
        }
        try await run(model, models: ["writer", "other"]) { fixture, versions in
            #expect(versions[1]["status"]?.string == status)
            let asked = fixture.wireCalls(nil).filter { $0.model == "other" && $0.user.contains("Rule") }
            #expect(asked.count == 4)
            if status == "rejected" { #expect(versions[1]["decision"]?["reason"]?.string?.contains("other") == true) }
        }
    }

    @Test("a race prefers cases that did not accept the parent")
    func freshCases() async throws {
        let versions = try await ImprovingRun.shared.versions.dropFirst()
        func cases(_ version: JSONValue) -> Set<String> {
            Set((version["decision"]?["differences"]?.array ?? []).compactMap { $0["case_id"]?.string })
        }
        #expect(versions.count >= 3)
        for (parent, child) in zip(versions, versions.dropFirst()) where parent["status"] != "rejected" {
            #expect(!cases(parent).isEmpty)
            #expect(cases(parent).isDisjoint(with: cases(child)))
        }
    }

    @Test("the mean that decided can be recomputed from the differences of the cases")
    func differences() async throws {
        for version in try await ImprovingRun.shared.versions.dropFirst() {
            let values = (version["decision"]?["differences"]?.array ?? []).compactMap { $0["difference"]?.double }
            #expect(values.count >= 3)
            let mean = values.reduce(0, +) / Double(values.count)
            #expect(abs(mean - (version["decision"]?["delta"]?.double ?? .nan)) < 1e-12)
        }
    }

    @Test("of several accepted candidates the one with the highest mean goes on, the others stay in reach")
    func severalAccepted() async throws {
        var model = ScriptedModel()
        model.refine = { call in
            (call["prompt"] ?? "").contains("Rule")
                ? .json(["analysis": "", "edits": [], "note": "", "target_criteria": [], "no_change": true])
                : .json(
                    ScriptedModel.edits([
                        ("Be slow.", "Rule: be quick."), ("Be loud.", "Rule: be soft.\nRule: be low."),
                    ]))
        }
        try await LoopFixture.running(model) { fixture in
            var definition = fixture.definition(cases: 24)
            definition.prompt.text = "Be slow.\nBe loud.\n{{message}}"
            definition.stop.maxIterations = 1
            definition.holdout = 0
            let result = try await fixture.refine(definition).result
            let versions = result.json["versions"]?.array ?? []
            #expect(versions[1]["status"] == "accepted")
            #expect(versions[2]["status"] == "accepted")
            #expect(versions.count == 4, "the edits of two accepted siblings are raced together once")
            #expect(versions[3]["text"]?.string?.contains("quick") == true)
            #expect(versions[3]["text"]?.string?.contains("soft") == true)
            #expect(result.json["best_version_id"] == versions[3]["id"])
        }
    }
}
