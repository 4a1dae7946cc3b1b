import EdisonCore
import EdisonDatasets
import EdisonEvaluation
import EdisonExperiments
import EdisonLLM
import EdisonPrompts
import EdisonSQL
import EdisonTestKit
import Testing

@Suite("The refinement loop")
struct LoopTests {
    @Test("a prompt gets better, and is promoted on cases that the loop never saw", arguments: TestDatabase.allCases)
    func improvement(_ kind: TestDatabase) async throws {
        try await LoopFixture.running(ImprovingRun.model, on: kind) { fixture in
            var definition = fixture.definition(cases: 44)
            definition.stop.maxIterations = 3
            let result = try await fixture.refine(definition).result
            #expect(result.verdict == .better)
            #expect(result.best?["status"] == "promoted")
            #expect(result.json["holdout"]?["cases"] == 11)
            #expect((result.json["holdout"]?["interval"]?[0]?.double ?? 0) > 0)
            #expect(result.best?["decision"]?["by"] == "promotion")
            let race = result.best?["decision"]?["cases"]?.int ?? 0
            #expect((3...10).contains(race), "the cases of the race, not those of the promotion")
        }
    }

    @Test("neither refiner nor summary ever sees a word of a held-out or reserved case")
    func blindness() async throws {
        let run = try await ImprovingRun.shared
        let shown = run.calls.filter { ["refinement", "summary"].contains($0.schema) }
        #expect(shown.count >= 6)
        let counts = Dictionary(grouping: run.cases.compactMap { $0["split"]?.string }, by: \.self).mapValues(\.count)
        #expect(counts == ["search": 36, "holdout": 15, "reserve": 9])
        for testCase in run.cases where testCase["split"] != "search" {
            let word = testCase["input"]?["message"]?.string?.split(separator: " ").first ?? "?"
            #expect(shown.allSatisfy { !$0.user.contains(word) && !$0.system.contains(word) })
        }
    }

    @Test("the reserve is not touched at all, and the hold-out only at the end")
    func unseen() async throws {
        let run = try await ImprovingRun.shared
        let splits = Dictionary(
            run.cases.map { ($0["id"]?.string ?? "", $0["split"]?.string ?? "") },
            uniquingKeysWith: { first, _ in first })
        #expect(run.outputs.allSatisfy { splits[$0["case_id"]?.string ?? ""] == $0["split"]?.string })
        #expect(run.outputs.allSatisfy { $0["split"] != "reserve" })
        let heldOut = run.outputs.filter { $0["split"] == "holdout" }.compactMap { $0["version_id"] }
        #expect(
            Set(heldOut)
                == Set([run.result.json["first_version_id"], run.result.json["best_version_id"]].compactMap(\.self)))
        #expect(heldOut.count == 2 * 15)
    }

    @Test("nothing is asked for twice")
    func noCallTwice() async throws {
        let run = try await ImprovingRun.shared
        let executions = run.calls(nil).map { "\($0.model) \($0.seed) \($0.user)" }
        #expect(Set(executions).count == executions.count)
        let judgments = run.calls("judgment").map { "\($0.model) \($0.user)" }
        #expect(Set(judgments).count == judgments.count)
        #expect(executions.count == run.outputs.count)
    }

    @Test("the cost is the sum of what the provider reported, to the nano-dollar, and of its parts")
    func cost() async throws {
        let run = try await ImprovingRun.shared
        let json = run.result.json
        let perCall = Int64((ScriptedModel.inputTokens + ScriptedModel.outputTokens) * 1_000)
        let expected = Money(nanodollars: perCall * Int64(run.requests))
        #expect(json["cost_usd"]?.text() == (try JSONValue(parsing: expected.exactText)).text())
        let counted = (json["calls"]?.object?.members ?? []).reduce(0) { $0 + ($1.value.int ?? 0) }
        #expect(counted == run.requests)
        #expect(json["tokens"]?["input"]?.int == ScriptedModel.inputTokens * run.requests)
        #expect(json["unconfirmed_usd"]?.double == 0)

        func cost(_ row: JSONValue) -> Money { row["cost_usd"]?.double.flatMap { Money(dollars: $0) } ?? .zero }
        let heldOut = run.outputs.filter { $0["split"] == "holdout" }
        let ids = Set(heldOut.compactMap { $0["id"]?.string })
        let judged = (json["judgments"]?.array ?? []).filter { ids.contains($0["output_id"]?.string ?? "") }
        let parts = (json["iterations"]?.array ?? []) + heldOut + judged
        #expect(parts.map(cost).reduce(.zero, +) == expected)
    }

    @Test("every version keeps the variables of the first, and accepted ones keep the size of an edit")
    func variables() async throws {
        let versions = try await ImprovingRun.shared.versions
        #expect(versions.count > 3)
        for version in versions {
            let text = version["text"]?.string ?? ""
            #expect(text.split(separator: "{{message}}", omittingEmptySubsequences: false).count == 2)
        }
        for (parent, child) in zip(versions, versions.dropFirst()) {
            #expect(child["parent_id"] == parent["id"])
            #expect((child["text"]?.string?.count ?? 0) - (parent["text"]?.string?.count ?? 0) <= 280)
        }
    }

    @Test("what happens in a run is told to those who follow it, in order")
    func events() async throws {
        try await LoopFixture.running(ImprovingRun.model) { fixture in
            var definition = fixture.definition(cases: 10)
            definition.stop.maxIterations = 1
            try await fixture.refine(definition)
            let rows = try await fixture.database.read { db in
                try db.fetch("SELECT kind FROM event WHERE stream LIKE 'experiment%' ORDER BY stream, position")
                    .map { try $0.string("kind") }
            }
            let told = rows.filter { $0.hasPrefix("iteration:") }
            let expected = ["started", "executed", "judged", "aggregated", "suggested", "completed"].map {
                "iteration:\($0)"
            }
            #expect(told == expected)
            #expect(rows.first == "experiment:running")
            #expect(rows.last == "experiment:completed")
        }
    }

    @Test("full mode takes the candidate with the highest mean above 0, and judges every search case")
    func fullMode() async throws {
        var model = ScriptedModel()
        model.refine = { call in
            let prompt = call["prompt"] ?? ""
            return .json(
                ScriptedModel.edits([
                    ("Be slow.", "Rule: be quick."), ("Be loud.", "Rule: be soft.\nRule: be low."), ("", "Plain."),
                ])
            )
            .unless(prompt.contains("quick") || prompt.contains("soft"))
        }
        try await LoopFixture.running(model) { fixture in
            var definition = fixture.definition(cases: 20)
            definition.prompt = PromptContent(text: "Be slow.\nBe loud.\n{{message}}")
            definition.loop.mode = .full
            definition.holdout = 0.5
            definition.stop.maxIterations = 1
            let result = try await fixture.refine(definition).result
            let statuses = (result.json["versions"]?.array ?? []).map { $0["status"]?.string }
            #expect(statuses == ["seed", "rejected", "rejected", "accepted"])
            #expect(result.json["versions"]?[3]?["text"]?.string?.contains("soft") == true)
            #expect(result.json["versions"]?[3]?["decision"]?["cases"] == 10)
            #expect(result.json["versions"]?[1]?["decision"]?["delta"]?.double == 0)
        }
    }

    @Test("too few cases are refused before a call, with what to do; a handful is enough")
    func fewCases() async throws {
        try await LoopFixture.running { fixture in
            for count in [0, 1] {
                let error = await #expect(throws: EdisonError.self) {
                    try await fixture.refine(fixture.definition(cases: count))
                }
                #expect(error?.code == .invalid)
                #expect(error?.detail?.contains("cases") == true)
            }
            #expect(fixture.server.requests.isEmpty)
            var definition = fixture.definition(cases: 4)
            definition.stop.maxIterations = 1
            let finished = try await fixture.refine(definition)
            #expect(finished.status == .completed)
            #expect(finished.result.verdict == .insufficientData || finished.result.verdict == .noDifference)
            #expect(finished.result.json["verdict_reason"]?.string?.isEmpty == false)
        }
    }

    @Test("an iteration is seen in each of its states")
    func states() async throws {
        try await LoopFixture.running(ImprovingRun.model) { fixture in
            try await fixture.database.write { db in
                try db.execute("CREATE TABLE seen (place INTEGER PRIMARY KEY, status TEXT)")
                for event in ["INSERT ON iteration", "UPDATE OF status ON iteration"] {
                    let name = event.hasPrefix("INSERT") ? "seen_insert" : "seen_update"
                    try db.execute(
                        .init(
                            stringLiteral: """
                                CREATE TRIGGER \(name) AFTER \(event)
                                BEGIN INSERT INTO seen (status) VALUES (NEW.status); END
                                """))
                }
            }
            var definition = fixture.definition(cases: 10)
            definition.stop.maxIterations = 1
            try await fixture.refine(definition)
            let seen = try await fixture.database.read { db in
                try db.fetch("SELECT status FROM seen ORDER BY place").map { try $0.string("status") }
            }
            let course = seen.reduce(into: [String]()) { if $0.last != $1 { $0.append($1) } }
            #expect(
                course.drop { $0 == "pending" } == [
                    "executing", "judging", "aggregating", "refining", "reviewing", "completed",
                ])
        }
    }
}

extension ScriptedModel.Answer {
    /// The answer, or that nothing should change.
    func unless(_ isDone: Bool) -> ScriptedModel.Answer {
        isDone ? .json(["analysis": "", "edits": [], "note": "", "target_criteria": [], "no_change": true]) : self
    }
}
