import EdisonCore
import EdisonExperiments
import EdisonPrompts
import EdisonTestKit
import Synchronization
import Testing

/// A person whose decisions are known beforehand, in the order of the questions; at the end they go away.
private final class Person: Reviewer {
    private struct State {
        var decisions: [ReviewDecision]
        var seen: [Suggestion] = []
    }

    private let state: Mutex<State>
    private let steps: Int
    private let stepsTaken = Mutex(0)

    init(_ decisions: [ReviewDecision], steps: Int = .max) {
        state = Mutex(State(decisions: decisions))
        self.steps = steps
    }

    var seen: [Suggestion] { state.withLock { $0.seen } }

    func review(_ suggestion: Suggestion) async throws -> ReviewDecision {
        state.withLock { state in
            state.seen.append(suggestion)
            return state.decisions.isEmpty ? .later : state.decisions.removeFirst()
        }
    }

    func mayGoOn(with step: String) async throws -> Bool {
        stepsTaken.withLock { taken in
            taken += 1
            return taken <= steps
        }
    }
}

@Suite("A person in the loop")
struct ReviewTests {
    /// Gains with every rule, with some cases more than with others.
    private static var improving: ScriptedModel {
        var model = ScriptedModel()
        model.score = { rules, call in
            min(1, 0.3 + Double(rules) * (call["case_input"]?.contains("my") == true ? 0.15 : 0.1))
        }
        return model
    }

    private func run(
        _ person: Person, model: ScriptedModel = ReviewTests.improving, iterations: Int = 1,
        _ use: (LoopFixture, ExperimentService.Finished, ExperimentDefinition) async throws -> Void
    ) async throws {
        try await LoopFixture.running(model) { fixture in
            var definition = fixture.definition(cases: 16)
            definition.review = .suggestions
            definition.stop.maxIterations = iterations
            let finished = try await fixture.refine(definition, reviewer: person)
            try await use(fixture, finished, definition)
        }
    }

    private func version(_ finished: ExperimentService.Finished, _ number: Int) -> JSONValue? {
        finished.result.json["versions"]?[number - 1]
    }

    @Test("an approval moves the incumbent, whatever the race said, and is recorded as the person's")
    func approval() async throws {
        var model = ScriptedModel()
        model.score = { rules, _ in 0.8 - 0.3 * Double(rules) }
        try await run(Person([.approve(note: "I like it")]), model: model) { _, finished, _ in
            #expect(version(finished, 2)?["status"] == "accepted")
            #expect(version(finished, 2)?["decision"]?["by"] == "person")
            #expect(version(finished, 2)?["decision"]?["reason"]?.string?.contains("I like it") == true)
            #expect((version(finished, 2)?["decision"]?["delta"]?.double ?? 0) < 0)
        }
    }

    @Test("the person sees the diff, the race's word and outputs side by side")
    func evidence() async throws {
        let person = Person([.approve(note: "")])
        try await run(person) { _, _, _ in
            let candidate = try #require(person.seen.first)
            #expect(PromptDiff.unified(from: candidate.before, to: candidate.after).contains("+Rule: be kind."))
            #expect(candidate.isRecommended)
            #expect((candidate.recommendation.delta ?? 0) > 0)
            #expect(candidate.recommendation.cases >= 3)
            #expect(candidate.recommendation.interval != nil)
            let example = try #require(candidate.examples.first)
            #expect(example.before.hasPrefix("rules=0"))
            #expect(example.after.hasPrefix("rules=1"))
        }
    }

    @Test("a rejection keeps the incumbent, and its note reaches the refiner")
    func rejection() async throws {
        try await run(Person([.reject(note: "Too sweet for us"), .reject(note: "")]), iterations: 2) {
            fixture, finished, _ in
            #expect(version(finished, 2)?["status"] == "rejected")
            #expect(version(finished, 2)?["decision"]?["by"] == "person")
            let asked = fixture.wireCalls("refinement")
            #expect(asked.first?["human_notes"]?.contains("Too sweet") != true)
            #expect(asked.last?["human_notes"]?.contains("Too sweet for us") == true)
            #expect(asked.last?["history"]?.contains("Rule: be kind.") == true)
        }
    }

    @Test("requested changes go back to the refiner within the same iteration")
    func changes() async throws {
        var model = ScriptedModel()
        model.refine = { call in
            let isSecond = call["human_notes"]?.contains("shorter") == true
            return .json(
                ScriptedModel.edits([(find: "", replace: isSecond ? "Rule: be brief." : "Rule: be very kind.")]))
        }
        try await run(Person([.requestChanges(note: "shorter, please"), .approve(note: "")]), model: model) {
            _, finished, _ in
            #expect(finished.result.json["iterations"]?.array?.count == 1)
            #expect(version(finished, 2)?["status"] == "rejected")
            #expect(version(finished, 3)?["status"] == "accepted")
            #expect(version(finished, 3)?["text"]?.string?.hasSuffix("Rule: be brief.") == true)
            #expect(version(finished, 3)?["iteration"] == 1)
        }
    }

    @Test("what a person writes is a version of its own, theirs, and is raced")
    func editing() async throws {
        let mine = PromptContent(text: "Answer the customer.\nRule: be short.\nRule: be mine.\n{{message}}")
        try await run(Person([.edit(mine, note: "my words")])) { _, finished, _ in
            #expect(version(finished, 2)?["status"] == "rejected")
            #expect(version(finished, 3)?["status"] == "accepted")
            #expect(version(finished, 3)?["text"] == .string(mine.text))
            #expect(version(finished, 3)?["decision"]?["by"] == "person")
            #expect((version(finished, 3)?["decision"]?["cases"]?.int ?? 0) >= 3)
            #expect(version(finished, 3)?["diff"]?.string?.contains("+Rule: be mine.") == true)
        }
    }

    @Test("a person's text that no case can fill does not end the run")
    func unfillableEdit() async throws {
        let broken = PromptContent(text: "Answer {{nobody_knows}}.\n{{message}}")
        try await run(Person([.edit(broken, note: "oops")])) { _, finished, _ in
            #expect(finished.status != .failed)
            #expect(version(finished, 1)?["status"] == "seed")
        }
    }

    @Test("a run waits for a person, and goes on with their decision without asking again")
    func waiting() async throws {
        try await run(Person([])) { fixture, finished, definition in
            #expect(finished.isWaiting)
            #expect(finished.status == .paused)
            #expect(finished.result.stopReason == nil)
            let before = fixture.server.requests.count
            let decided = try await fixture.refine(definition, reviewer: Person([.approve(note: "yes")]))
            #expect(decided.status == .completed)
            #expect(version(decided, 2)?["status"] == "accepted")
            let after = fixture.server.requests.count
            #expect(fixture.wireCalls("refinement").count == 1)
            let again = try await fixture.refine(definition, reviewer: Person([.reject(note: "no")]))
            #expect(again.wasFinished)
            #expect(version(again, 2)?["status"] == "accepted")
            #expect(fixture.server.requests.count == after)
            #expect(before < after)
        }
    }

    @Test("a decision that was taken stands when the run goes on")
    func standing() async throws {
        let first = Person([.reject(note: "never")])
        try await run(first, iterations: 3) { fixture, finished, definition in
            #expect(finished.isWaiting)
            let second = Person([.approve(note: ""), .approve(note: "")])
            let decided = try await fixture.refine(definition, reviewer: second)
            #expect(version(decided, 2)?["status"] == "rejected")
            #expect(version(decided, 2)?["decision"]?["reason"]?.string?.contains("never") == true)
            #expect(second.seen.map(\.number) == [3, 4])
        }
    }

    @Test("every-step asks before each step that spends, and runs in full mode")
    func everyStep() async throws {
        try await LoopFixture.running { fixture in
            var definition = fixture.definition(cases: 12)
            definition.review = .everyStep
            definition.stop.maxIterations = 5
            let refused = try await fixture.refine(definition, reviewer: Person([], steps: 0))
            #expect(refused.isWaiting)
            #expect(fixture.server.requests.isEmpty)
            let person = Person([.approve(note: ""), .approve(note: "")], steps: 2)
            let finished = try await fixture.refine(definition, reviewer: person)
            #expect(finished.isWaiting)
            #expect(person.seen.map(\.recommendation.cases) == [6, 6], "full mode compares on every search case")
        }
    }
}
