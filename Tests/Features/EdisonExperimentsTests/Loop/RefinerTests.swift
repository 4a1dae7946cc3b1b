import EdisonCore
import EdisonDatasets
import EdisonEvaluation
import EdisonExperiments
import EdisonLLM
import EdisonPrompts
import EdisonSQL
import EdisonTestKit
import Testing

@Suite("The dialogue with the refiner")
struct RefinerTests {
    @Test("a refiner that cannot be asked ends the run with its words, and a mended one goes on")
    func refused() async throws {
        let isMended = Flag()
        var model = ScriptedModel()
        let refine = model.refine
        model.refine = { isMended.isSet ? refine($0) : .status(401) }
        try await LoopFixture.running(model) { fixture in
            var definition = fixture.definition()
            definition.stop.maxIterations = 2
            let failed = try await fixture.refine(definition)
            #expect(failed.status == .failed)
            #expect(failed.failure?.message.contains("refiner") == true)
            #expect(failed.result.json["verdict"]?.string == nil)
            isMended.set()
            let mended = try await fixture.refine(definition)
            #expect(mended.status == .completed)
            #expect(mended.result.json["versions"]?.array?.count ?? 0 > 1)
        }
    }

    @Test("what the incumbent answered in the race that it won is shown to the refiner, and measures nothing")
    func racedAnswers() async throws {
        try await LoopFixture.running { fixture in
            var definition = fixture.definition()
            definition.holdout = 0
            definition.stop.maxIterations = 2
            let finished = try await fixture.refine(definition)
            let shown = try fixture.wireCalls("refinement").map {
                try JSONValue(parsing: $0["failures"] ?? "").array?.count
            }
            #expect(shown == [definition.loop.evidenceCases, 7])
            let second = finished.result.json["iterations"]?.array?.last
            #expect(second?["case_ids"]?.array?.count == definition.loop.evidenceCases)
        }
    }

    @Test("a refiner that never writes anything usable is no reason for a verdict")
    func silent() async throws {
        var model = ScriptedModel()
        model.refine = { _ in .text("I would rather not.") }
        try await LoopFixture.running(model) { fixture in
            let failed = try await fixture.refine(fixture.definition())
            #expect(failed.status == .failed)
            #expect(failed.failure?.message.contains("three times") == true)
            #expect(failed.result.json["iterations"]?.array?.count == 3)
        }
    }

    @Test("a proposal that breaks a rule is told to the refiner once, and then refused with the reason")
    func refusal() async throws {
        var model = ScriptedModel()
        model.refine = { _ in .json(ScriptedModel.edits([(find: "nowhere at all", replace: "x")])) }
        try await LoopFixture.running(model) { fixture in
            var definition = fixture.definition(cases: 10)
            definition.stop.maxIterations = 1
            let result = try await fixture.refine(definition).result
            let asked = fixture.wireCalls("refinement")
            #expect(asked.map(\.corrections) == [0, 1])
            #expect(asked.last?.user.contains("does not occur") == true)
            #expect(result.json["iterations"]?[0]?["refused"]?[0]?.string?.contains("does not occur") == true)
            #expect(result.json["versions"]?.array?.count == 1)
        }
    }

    @Test("a refiner that mends its answer is heard")
    func correction() async throws {
        var model = ScriptedModel()
        model.refine = { call in
            call.corrections == 0
                ? .json(ScriptedModel.edits([(find: "nowhere at all", replace: "x")]))
                : .json(ScriptedModel.edits([(find: "", replace: "Rule: be kind.")]))
        }
        try await LoopFixture.running(model) { fixture in
            var definition = fixture.definition(cases: 10)
            definition.stop.maxIterations = 1
            let result = try await fixture.refine(definition).result
            #expect(result.json["versions"]?[1]?["text"]?.string?.hasSuffix("\nRule: be kind.") == true)
        }
    }
}
