import EdisonCore
import EdisonEvaluation
import EdisonPrompts
import EdisonSQL
import EdisonTestKit
import Testing

@Suite("Stored outputs and judgments")
struct EvaluationStoreTests {
    @Test("an output comes back as it was stored", arguments: TestDatabase.allCases)
    func outputs(_ kind: TestDatabase) async throws {
        try await EvaluationFixture.on(kind) { fixture in
            let outputs = [
                fixture.output(fixture.cell(0), text: "quotes ' \" \\ and 日本語 👩‍👩‍👧\n\u{1}"),
                fixture.output(fixture.cell(1), text: nil, error: "HTTP 500", cost: nil),
                fixture.output(fixture.cell(2, replicate: 3), cost: .zero),
            ]
            try await fixture.insert(outputs)
            #expect(try await fixture.stored().outputs == outputs.sorted { $0.id < $1.id })
        }
    }

    @Test("a judgment comes back as it was stored, pointwise and pairwise", arguments: TestDatabase.allCases)
    func judgments(_ kind: TestDatabase) async throws {
        try await EvaluationFixture.on(kind) { fixture in
            let one = fixture.output(fixture.cell(0))
            let other = fixture.output(fixture.cell(0, model: "n"))
            var flags = SafetyFlags()
            flags.jailbreakAttempt = true
            let judgments = [
                Judgment(
                    id: IDSource.random.next(), outputID: one.id, judge: "j", mode: .pointwise,
                    scores: ["Queue": 4.5, "Tone, \"fine\"": 0], rationales: ["Queue": "It's \"right\""], flags: flags,
                    suggestions: [JudgeSuggestion(criterion: "Queue", text: "Ask")], reasoning: "I think", valid: true,
                    cost: Money(nanodollars: 3)),
                Judgment(
                    id: IDSource.random.next(), outputID: one.id, judge: "k", mode: .pointwise, valid: false,
                    invalidReason: "no JSON", cost: nil),
                Judgment(
                    id: IDSource.random.next(), outputID: one.id, otherOutputID: other.id, judge: "p", mode: .pairwise,
                    order: 1, rationales: ["overall": "first"], winner: .first, valid: true, cost: .zero),
                Judgment(
                    id: IDSource.random.next(), outputID: one.id, otherOutputID: other.id, judge: "p", mode: .pairwise,
                    order: 2, winner: .tie, valid: true, cost: .zero),
            ]
            try await fixture.insert([one, other], judgments)
            #expect(try await fixture.stored().judgments == judgments.sorted { $0.id < $1.id })
        }
    }

    @Test("of two answers to the same question the first counts", arguments: TestDatabase.allCases)
    func first(_ kind: TestDatabase) async throws {
        try await EvaluationFixture.on(kind) { fixture in
            let first = fixture.output(fixture.cell(), text: "first")
            let second = fixture.output(fixture.cell(), text: "second")
            func judgment(_ score: Double, judge: String = "j") -> Judgment {
                Judgment(
                    id: IDSource.random.next(), outputID: first.id, judge: judge, mode: .pointwise,
                    scores: ["q": score],
                    valid: true, cost: nil)
            }
            let judgments = [judgment(1), judgment(2), judgment(3, judge: "other")]
            try await fixture.insert([first, second], judgments)
            let stored = try await fixture.stored()
            #expect(stored.outputs == [first])
            #expect(Set(stored.judgments) == [judgments[0], judgments[2]])
        }
    }

    @Test("another replicate, model or scope is another question", arguments: TestDatabase.allCases)
    func scopes(_ kind: TestDatabase) async throws {
        try await EvaluationFixture.on(kind) { fixture in
            try await fixture.insert([
                fixture.output(fixture.cell()), fixture.output(fixture.cell(replicate: 1)),
                fixture.output(fixture.cell(model: "n")),
            ])
            try await fixture.insert([fixture.output(fixture.cell())], scope: "t")
            #expect(try await fixture.stored().outputs.count == 3)
            #expect(try await fixture.stored(scope: "t").outputs.count == 1)
            #expect(try await fixture.stored(scope: "u").outputs.isEmpty)
        }
    }

    @Test("an output of a case that is not there is refused", arguments: TestDatabase.allCases)
    func references(_ kind: TestDatabase) async throws {
        try await EvaluationFixture.on(kind) { fixture in
            let stray = Output(
                id: IDSource.random.next(),
                key: OutputKey(version: fixture.version.id.text, caseID: "nowhere", model: "m"),
                text: "x", error: nil, cached: false, inputTokens: 0, outputTokens: 0, cost: nil, latency: .zero)
            await #expect(throws: EdisonError.self) { try await fixture.insert([stray]) }
            let stored = try await fixture.stored().outputs
            #expect(stored.isEmpty)
        }
    }
}
