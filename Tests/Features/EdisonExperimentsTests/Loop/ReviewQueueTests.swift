import EdisonCore
import EdisonEvaluation
import EdisonExperiments
import EdisonPrompts
import EdisonSchema
import EdisonTestKit
import Testing

/// What waits for a person, over real runs of a scripted model.
@Suite("The review queue")
struct ReviewQueueTests {
    private func queue(_ fixture: LoopFixture) -> ReviewQueue {
        ReviewQueue(database: fixture.database, project: LocalTenant.project)
    }

    private func definition(_ fixture: LoopFixture, _ name: String = "Support") -> ExperimentDefinition {
        var definition = fixture.definition(cases: 16)
        definition.name = name
        definition.review = .suggestions
        definition.stop.maxIterations = 1
        return definition
    }

    private func suggestions(_ items: [ReviewItem]) -> [(suggestion: Suggestion, run: Experiment.ID)] {
        items.compactMap { item in
            if case .suggestion(let suggestion, _) = item.subject { (suggestion, item.run) } else { nil }
        }
    }

    private func flagged(_ items: [ReviewItem]) -> [(output: FlaggedOutput, run: Experiment.ID)] {
        items.compactMap { item in if case .flagged(let output) = item.subject { (output, item.run) } else { nil } }
    }

    /// Proposes an addition and a replacement, which are two candidates; both help with some cases more than with others.
    private static var twofold: ScriptedModel {
        var model = ScriptedModel()
        model.refine = { _ in
            .json(
                ScriptedModel.edits([
                    (find: "", replace: "Rule: be kind."),
                    (find: "Answer the customer.", replace: "Serve the customer.\nRule: be true."),
                ]))
        }
        model.score = { rules, call in
            min(1, 0.3 + Double(rules) * (call["case_input"]?.contains("my") == true ? 0.15 : 0.1))
        }
        return model
    }

    @Test(
        "a run that waits stands in it with its whole evidence, and goes on by a decision taken there",
        arguments: TestDatabase.allCases)
    func decided(_ kind: TestDatabase) async throws {
        try await LoopFixture.running(Self.twofold, on: kind) { fixture in
            let queue = queue(fixture)
            #expect(try await queue.items().isEmpty)
            let waiting = try await fixture.refine(definition(fixture))
            #expect(waiting.isWaiting)
            let found = suggestions(try await queue.items())
            let (suggestion, run) = try #require(found.first)
            #expect(found.map(\.suggestion.number) == [2, 3])
            let version = try #require(waiting.result.json["versions"]?[1])
            #expect(version["id"]?.string == suggestion.version.text)
            #expect(suggestion.after.text == version["text"]?.string && suggestion.before == Sample.prompt)
            #expect(suggestion.note == version["note"]?.string && suggestion.claims == ["mends Quality"])
            #expect(suggestion.isRecommended && (suggestion.recommendation.delta ?? 0) > 0)
            #expect(suggestion.recommendation.interval != nil && suggestion.recommendation.cases >= 3)
            #expect(suggestion.examples.first?.after.hasPrefix("rules=1") == true)
            #expect(try await queue.ready(among: fixture.service.runs()).isEmpty)

            try await queue.decide(.reject(note: "too short"), on: suggestion, of: run)
            #expect(try await queue.ready(among: fixture.service.runs()).isEmpty, "one of two is decided")
            try await queue.decide(.reject(note: ""), on: found[1].suggestion, of: run)
            #expect(try await queue.items().isEmpty)
            let ready = try await queue.ready(among: fixture.service.runs())
            #expect(ready.map(\.experiment.id) == [run])
            var everything = ReviewFilter()
            everything.includesDecided = true
            #expect(try await queue.items(everything).map(\.isDecided) == [true, true])

            let ended = try await fixture.refine(definition(fixture))
            #expect(ended.status == .completed)
            #expect(ended.result.json["versions"]?[1]?["decision"]?["reason"] == "too short")
            #expect(try await queue.ready(among: fixture.service.runs()).isEmpty)
        }
    }

    @Test(
        "the first decision stands, and a wording that no case can fill is refused",
        arguments: TestDatabase.allCases)
    func conflicts(_ kind: TestDatabase) async throws {
        try await LoopFixture.running(on: kind) { fixture in
            let queue = queue(fixture)
            try await fixture.refine(definition(fixture))
            let (suggestion, run) = try #require(suggestions(try await queue.items()).first)
            let unfillable = ReviewDecision.edit(PromptContent(text: "No variable"), note: "")
            let refused = await #expect(throws: EdisonError.self) {
                try await queue.decide(unfillable, on: suggestion, of: run)
            }
            #expect(refused?.code == .invalid)
            try await queue.decide(.later, on: suggestion, of: run)
            #expect(try await queue.items().count == 1, "later decides nothing")
            try await queue.decide(.approve(note: ""), on: suggestion, of: run)
            let second = await #expect(throws: EdisonError.self) {
                try await queue.decide(.reject(note: "no"), on: suggestion, of: run)
            }
            #expect(second?.code == .conflict)
            let ended = try await fixture.refine(definition(fixture))
            #expect(["accepted", "promoted"].contains(ended.result.json["versions"]?[1]?["status"]?.string))
        }
    }

    @Test("all suggestions of an iteration wait together, also of several runs", arguments: TestDatabase.allCases)
    func several(_ kind: TestDatabase) async throws {
        try await LoopFixture.running(Self.twofold, on: kind) { fixture in
            let queue = queue(fixture)
            let first = try await fixture.refine(definition(fixture, "One"))
            try await fixture.refine(definition(fixture, "Two"))
            let candidates = first.result.json["versions"]?.array?.count { $0["status"] == "candidate" } ?? 0
            #expect(candidates == 2)
            let items = try await queue.items()
            #expect(items.map(\.runName) == ["One", "One", "Two", "Two"], "the oldest first")
            var filter = ReviewFilter()
            filter.run = items.last?.run
            #expect(try await queue.items(filter).map(\.runName) == ["Two", "Two"])
        }
    }

    @Test("what waited in a run that was cancelled waits no more")
    func cancelled() async throws {
        try await LoopFixture.running { fixture in
            try await fixture.refine(definition(fixture))
            try await fixture.service.cancel(try await fixture.service.runs()[0])
            #expect(try await queue(fixture).items().isEmpty)
            #expect(try await queue(fixture).ready(among: fixture.service.runs()).isEmpty)
        }
    }

    @Test(
        "an output that judges and the scan flag is one item, and what is said of it is in the result",
        arguments: TestDatabase.allCases)
    func flags(_ kind: TestDatabase) async throws {
        var model = ScriptedModel()
        model.flags = { rules, call in
            call["case_input"]?.contains("my parcel is late") == true && rules == 0 ? ["toxic_content"] : []
        }
        model.scan = { text in
            guard text.hasPrefix("rules=0") else { return [] }
            return text.contains("my parcel is late") || text.contains("the invoice is late") ? ["pii_detected"] : []
        }
        try await LoopFixture.running(model, on: kind) { fixture in
            let queue = queue(fixture)
            var definition = definition(fixture)
            definition.review = .automatic
            definition.scanner = SafetyScanner(model: Sample.model("guard", at: fixture.server.url))
            let result = try await fixture.refine(definition).result
            let items = flagged(try await queue.items())
            let ids = Set(items.map(\.output.output.text))
            let expected = (result.json["outputs"]?.array ?? []).filter { output in
                output["safety"]?["pii_detected"] == true
            }
            #expect(ids == Set(expected.compactMap { $0["id"]?.string }) && ids.count == items.count)
            #expect(result.json["flagged"]?["outputs"]?.int == items.count)
            let (output, run) = try #require(items.first)
            #expect(output.isCritical, "what must reach nobody stands first")
            #expect(output.flags.map(\.raiser) == ["judge", "safety scan"])
            #expect(output.text.contains("my parcel is late") && output.input["message"]?.string == Sample.message(0))

            try await queue.decide(FlagReview(.dismissed), on: output, of: run)
            try await queue.decide(FlagReview(.confirmed, note: "An insult"), on: output, of: run)
            #expect(try await queue.items().count == items.count - 1, "the last word on an output stands")
            let stored = try #require(
                try await fixture.service.result(of: try await fixture.service.runs()[0]))
            #expect(stored.json["flagged"]?["confirmed"] == 1 && stored.json["flagged"]?["dismissed"] == 0)
            let row = stored.json["outputs"]?.array?.first { $0["id"]?.string == output.output.text }
            #expect(row?["flag_review"]?["decision"] == "confirmed" && row?["flag_review"]?["note"] == "An insult")
            let raisers = stored.json["flagged"]?["by"]?.array ?? []
            #expect(raisers.map { $0["by"]?.string } == ["judge", "safety scan"])
            #expect(raisers.allSatisfy { $0["confirmed"] == 1 })
            let words = FlaggedWords(stored.json)
            #expect(words?.sentence.hasSuffix("A person confirmed 1 and dismissed 0.") == true)
            #expect(words?.open == items.count - 1)
            let again = try await fixture.refine(definition)
            #expect(again.wasFinished && again.result.json["flagged"] == stored.json["flagged"])

            var filter = ReviewFilter()
            filter.flag = "toxic_content"
            filter.includesDecided = true
            #expect(flagged(try await queue.items(filter)).map(\.output.output) == [output.output])
            filter.raisedBy = "safety scan"
            #expect(try await queue.items(filter).isEmpty, "by the scan nothing is toxic")
            filter.kind = .suggestions
            #expect(try await queue.items(filter).isEmpty)

            try await fixture.service.delete(try await fixture.service.runs()[0])
            #expect(try await queue.items().isEmpty)
        }
    }
}
