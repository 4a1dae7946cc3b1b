import EdisonCore
import EdisonEvaluation
import EdisonExperiments
import EdisonLLM
import EdisonTestKit
import Testing

/// A scan beside judges that raise no flag.
@Suite("The safety scan of a run")
struct SafetyScanLoopTests {
    private func definition(
        _ fixture: LoopFixture, cases: Int = 24, scanning subjects: Set<SafetyScanner.Subject> = [.inputs, .outputs]
    ) -> ExperimentDefinition {
        var definition = fixture.definition(cases: cases)
        definition.stop.maxIterations = 1
        definition.scanner = SafetyScanner(
            model: Sample.model("guard", at: fixture.server.url), subjects: subjects)
        definition.scanner?.model.parameters.temperature = 0
        return definition
    }

    private static func rules(_ text: String) -> Int { ScriptedModel.rules(in: text) }

    @Test("a candidate whose outputs the scan flags is rejected, though no judge flags them and its mean is higher")
    func rejected() async throws {
        var model = ScriptedModel()
        model.scan = { Self.rules($0) > 0 ? ["pii_detected"] : [] }
        try await LoopFixture.running(model) { fixture in
            var definition = definition(fixture)
            definition.holdout = 0
            let versions = try await fixture.refine(definition).result.json["versions"]?.array ?? []
            #expect(versions[1]["status"] == "rejected")
            #expect(versions[1]["decision"]?["reason"]?.string?.contains("safety flags") == true)
            #expect((versions[1]["decision"]?["delta"]?.double ?? 0) > 0)
        }
    }

    @Test("one critical flag of the scan rejects; the same flags on both sides do not")
    func critical() async throws {
        var model = ScriptedModel()
        model.scan = { Self.rules($0) > 0 && $0.contains(Sample.message(3)) ? ["toxic_content"] : [] }
        model.execute = { .text("rules=\(Self.rules($0.user)); \($0.user)") }
        try await LoopFixture.running(model) { fixture in
            var definition = definition(fixture, cases: 15)
            definition.holdout = 0
            definition.loop.race.firstLook = 15
            definition.loop.race.maxCases = 15
            let versions = try await fixture.refine(definition).result.json["versions"]?.array ?? []
            #expect(versions[1]["decision"]?["reason"]?.string?.contains("critical safety flag") == true)
        }
        model.scan = { _ in ["pii_detected", "toxic_content"] }
        try await LoopFixture.running(model) { fixture in
            var definition = definition(fixture)
            definition.holdout = 0
            let versions = try await fixture.refine(definition).result.json["versions"]?.array ?? []
            #expect(versions[1]["status"] == "accepted")
        }
    }

    @Test("in full mode the scan counts as well")
    func full() async throws {
        var model = ScriptedModel()
        model.scan = { Self.rules($0) > 0 ? ["policy_violation"] : [] }
        try await LoopFixture.running(model) { fixture in
            var definition = definition(fixture, cases: 8)
            definition.holdout = 0
            definition.loop.mode = .full
            let versions = try await fixture.refine(definition).result.json["versions"]?.array ?? []
            #expect(versions[1]["status"] == "rejected")
        }
    }

    @Test("a scanner that answers nothing usable raises no flag, is counted, and stops nobody")
    func unusable() async throws {
        var model = ScriptedModel()
        model.scan = { _ in nil }
        try await LoopFixture.running(model) { fixture in
            let finished = try await fixture.refine(definition(fixture))
            #expect(finished.status == .completed)
            let json = finished.result.json
            #expect(json["versions"]?[1]?["status"] == "promoted" || json["versions"]?[1]?["status"] == "accepted")
            #expect(json["safety"]?["flagged"] == 0)
            #expect(json["safety"]?["invalid"] == json["safety"]?["scanned"])
            #expect((json["safety"]?["invalid"]?.int ?? 0) > 0)
            #expect(json["outputs"]?[0]?["safety"]?["valid"] == false)
            #expect(json["outputs"]?[0]?["safety"]?["pii_detected"] == .null)
        }
    }

    @Test(
        "every output of evidence, race and hold-out is scanned, and every input once", arguments: TestDatabase.allCases
    )
    func everywhere(_ kind: TestDatabase) async throws {
        try await LoopFixture.running(ScriptedModel(), on: kind) { fixture in
            let definition = definition(fixture)
            let json = try await fixture.refine(definition).result.json
            let outputs = json["outputs"]?.array ?? []
            #expect(json["holdout"]?.object != nil)
            #expect(outputs.allSatisfy { $0["safety"]?["valid"] == true })
            #expect(Set(outputs.compactMap { $0["split"]?.string }) == ["search", "holdout"])
            let texts = fixture.wireCalls("safety_scan").compactMap { $0["text"] }
            #expect(Set(texts).count == texts.count)
            let seen = Set(outputs.compactMap { $0["case_id"]?.string })
            for testCase in json["cases"]?.array ?? [] {
                #expect((testCase["safety"]?["valid"] == true) == seen.contains(testCase["id"]?.string ?? ""))
            }
            #expect(json["calls"]?["scan"]?.int == texts.count)
            #expect((json["costs"]?["scan"]?.double ?? 0) > 0)
        }
    }

    @Test("a run that was cut off finds its scans again and pays none twice", arguments: [20, 45])
    func resumed(_ place: Int) async throws {
        try await LoopFixture.running { fixture in
            var limited = definition(fixture)
            limited.stop.maxCalls = place
            let stopped = try await fixture.refine(limited)
            #expect(stopped.result.stopReason == .calls)
            limited.stop.maxCalls = 2_000
            let finished = try await fixture.refine(limited)
            #expect(finished.status == .completed && !finished.wasFinished)
            let texts = fixture.wireCalls("safety_scan").compactMap { $0["text"] }
            #expect(Set(texts).count == texts.count)
            #expect(finished.result.json["outputs"]?.array?.allSatisfy { $0["safety"]?["valid"] == true } == true)
        }
    }

    @Test("the refiner is shown what was flagged in the outputs that it is shown")
    func evidence() async throws {
        var model = ScriptedModel()
        model.scan = { $0.contains("rules=") ? ["pii_detected"] : [] }
        try await LoopFixture.running(model) { fixture in
            _ = try await fixture.refine(definition(fixture))
            let asked = try #require(fixture.wireCalls("refinement").first)
            let failures = try JSONValue(parsing: asked["failures"] ?? "")
            #expect(failures[0]?["safety"]?["flags"] == ["pii_detected"])
        }
        try await LoopFixture.running { fixture in
            _ = try await fixture.refine(definition(fixture))
            #expect(fixture.wireCalls("refinement").allSatisfy { $0["failures"]?.contains("\"safety\"") == false })
        }
    }

    @Test("without a scanner the result holds nothing of a scan")
    func absent() async throws {
        try await LoopFixture.running { fixture in
            var definition = definition(fixture, cases: 14)
            definition.scanner = nil
            let json = try await fixture.refine(definition).result.json
            #expect(json["safety"] == nil)
            #expect(json["outputs"]?[0]?["safety"] == nil && json["cases"]?[0]?["safety"] == nil)
            #expect(fixture.wireCalls("safety_scan").isEmpty)
        }
    }
}
