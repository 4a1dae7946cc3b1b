import EdisonCore
import EdisonExperiments
import EdisonPrompts
import EdisonTestKit
import Testing

/// Candidates that no single proposal made.
@Suite("Candidates beside the proposals", .timeLimit(.minutes(5))) struct NewCandidatesTests {
    private func versions(_ finished: ExperimentService.Finished) -> [JSONValue] {
        finished.result.json["versions"]?.array ?? []
    }

    @Test("two accepted replacements are tried together, once, against the two where both have run")
    func union() async throws {
        var replacing = ScriptedModel()
        replacing.score = { rules, call in
            let text = call["output"] ?? ""
            return 0.3 + 0.1 * Double(rules) + (text.contains("A=new") ? 0.1 : 0) + (text.contains("B=new") ? 0.15 : 0)
        }
        replacing.execute = { call in
            let text = call.user
            return .text(
                "A=\(text.contains("old a") ? "old" : "new") B=\(text.contains("old b") ? "old" : "new") \(text.suffix(12))"
            )
        }
        replacing.refine = { _ in
            .json(ScriptedModel.edits([(find: "old a", replace: "fresh a"), (find: "old b", replace: "fresh b")]))
        }
        try await LoopFixture.running(replacing) { fixture in
            var definition = fixture.definition(cases: 20)
            definition.prompt = PromptContent(text: "old a\nold b\n{{message}}")
            definition.holdout = 0
            definition.stop.maxIterations = 1
            let finished = try await fixture.refine(definition)
            let all = versions(finished)
            #expect(all.map { $0["status"]?.string } == ["seed", "accepted", "accepted", "accepted"])
            #expect(all.last?["text"] == "fresh a\nfresh b\n{{message}}")
            #expect(all.last?["parent_id"] == all[0]["id"])
            #expect(all.last?["decision"]?["against_version_id"] == all[2]["id"])
            #expect(all.last?["decision"]?["and_version_ids"] == [all[1]["id"] ?? .null])
            #expect(finished.result.json["best_version_id"] == all.last?["id"])
            // Gains of 0.1 and 0.15 make 0.25, which is 0.125 above the mean of the two.
            #expect(abs((all.last?["decision"]?["delta"]?.double ?? 0) - 0.125) < 1e-9)
            func cases(_ version: JSONValue?) -> Set<String> {
                Set(version?["decision"]?["differences"]?.array?.compactMap { $0["case_id"]?.string } ?? [])
            }
            #expect(!cases(all.last).isEmpty)
            #expect(cases(all.last).isSubset(of: cases(all[1]).intersection(cases(all[2]))))
        }
    }

    @Test("two winners that bring the same thing are not joined: their union gains nothing on the two")
    func sameGain() async throws {
        var model = ScriptedModel()
        model.score = { _, call in (call["output"] ?? "").contains("new") ? 0.6 : 0.4 }
        model.execute = { call in .text(call.user.contains("fresh") ? "new \(call.user.suffix(12))" : "old") }
        model.refine = { _ in
            .json(ScriptedModel.edits([(find: "old a", replace: "fresh a"), (find: "old b", replace: "fresh b")]))
        }
        try await LoopFixture.running(model) { fixture in
            var definition = fixture.definition(cases: 20)
            definition.prompt = PromptContent(text: "old a\nold b\n{{message}}")
            definition.holdout = 0
            definition.stop.maxIterations = 1
            let finished = try await fixture.refine(definition)
            let all = versions(finished)
            #expect(all.map { $0["status"]?.string } == ["seed", "accepted", "accepted", "rejected"])
            #expect(finished.result.json["best_version_id"] == all[1]["id"])
        }
    }

    @Test("after enough stalls a prompt is written anew from goal and rubric, and races like any other")
    func restart() async throws {
        var model = ScriptedModel()
        model.refine = { _ in
            .json(["analysis": "", "edits": [], "note": "", "target_criteria": [], "no_change": true])
        }
        model.drafts = { _ in ["Rule: be kind.\nRule: be brief.\n{{message}}"] }
        try await LoopFixture.running(model) { fixture in
            var definition = fixture.definition(cases: 20)
            definition.holdout = 0
            definition.loop.restartAfterStalls = 2
            definition.stop.maxIterations = 3
            let finished = try await fixture.refine(definition)
            let all = versions(finished)
            #expect(all.count == 2)
            #expect(all.last?["status"] == "accepted")
            #expect(all.last?["iteration"] == 3)
            let asked = fixture.wireCalls("drafts")
            #expect(asked.count == 1)
            #expect(asked[0]["context"]?.contains("{{message}}") == true)
        }
    }

    @Test("further drafts of the first prompt race against the first of them")
    func otherDrafts() async throws {
        var model = ScriptedModel()
        model.refine = { _ in
            .json(["analysis": "", "edits": [], "note": "", "target_criteria": [], "no_change": true])
        }
        try await LoopFixture.running(model) { fixture in
            var definition = fixture.definition(cases: 20)
            definition.holdout = 0
            definition.otherDrafts = [PromptContent(text: "Rule: be kind.\nRule: be calm.\n{{message}}")]
            definition.stop.maxIterations = 1
            let finished = try await fixture.refine(definition)
            #expect(versions(finished).map { $0["status"]?.string } == ["seed", "accepted"])
        }
    }

    @Test("a run that failed asks again for what failed, and for nothing else")
    func again() async throws {
        let isMended = Flag()
        var model = ScriptedModel()
        let usual = model.execute
        model.execute = { call in isMended.isSet ? usual(call) : .status(401) }
        try await LoopFixture.running(model) { fixture in
            var definition = fixture.definition(cases: 12)
            definition.holdout = 0
            definition.stop.maxIterations = 1
            let failed = try await fixture.refine(definition)
            #expect(failed.status == .failed)
            isMended.set()
            let finished = try await fixture.refine(definition)
            #expect(finished.status == .completed)
            #expect((finished.result.json["composite"]?["score"]?.double ?? 0) > 0)
        }
    }
}
