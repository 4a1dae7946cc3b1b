import EdisonCore
import EdisonDatasets
import EdisonEvaluation
import EdisonLLM
import EdisonPrompts
import EdisonSQL
import EdisonTestKit
import Synchronization
import Testing

@Suite("Running cells and having them judged")
struct EvaluatorTests {
    @Test("every cell gets one output and a judgment by each named judge, all stored")
    func whole() async throws {
        let model = ScriptedModel()
        try await EvaluatorFixture.running(model, judges: ["j", "k"]) { fixture, evaluator in
            let cells = [fixture.cell(0), fixture.cell(1), fixture.cell(0)]
            try await evaluator.evaluate(cells, judges: ["j", "k"])
            let stored = try await fixture.stored()
            #expect(stored.outputs.count == 2)
            #expect(
                Set(stored.outputs.compactMap(\.text)) == [
                    "answer to Answer question 0", "answer to Answer question 1",
                ])
            #expect(
                stored.outputs.allSatisfy {
                    $0.cost == Money(nanodollars: 15_000) && $0.inputTokens == 10 && $0.outputTokens == 5
                })
            #expect(stored.judgments.count == 4)
            #expect(stored.judgments.allSatisfy { $0.valid && $0.scores == ["Quality": 4] && $0.flags.piiDetected })
            #expect(await evaluator.memo.everything.outputs.count == 2)
        }
    }

    @Test("what is there is not asked for again, what is missing is")
    func onlyMissing() async throws {
        let model = ScriptedModel()
        try await EvaluatorFixture.running(model, judges: ["j", "k"]) { fixture, evaluator in
            try await evaluator.evaluate([fixture.cell(0)], judges: ["j"])
            #expect(model.requests.count == 2)
            try await evaluator.evaluate([fixture.cell(0)], judges: ["j", "k"])
            #expect(model.executions.count == 1)
            #expect(model.judgments.count == 2)
            try await evaluator.evaluate([fixture.cell(0), fixture.cell(0, replicate: 1)], judges: [])
            #expect(model.executions.count == 2)
            #expect(model.judgments.count == 2)
        }
    }

    @Test("an answer that breaks the rules is asked for once more, with the reason, and may then be right")
    func corrected() async throws {
        let model = ScriptedModel(judge: { request in
            (
                200,
                request["messages"]?.array?.count == 2
                    ? "I give it 4." : #"Sorry. ```json {"scores": {"Quality": 3}} ```"#
            )
        })
        try await EvaluatorFixture.running(model) { fixture, evaluator in
            try await evaluator.evaluate([fixture.cell()], judges: ["j"])
            let judgment = try #require(try await fixture.stored().judgments.first)
            #expect(judgment.valid)
            #expect(judgment.scores == ["Quality": 3])
            #expect(judgment.cost == nil || judgment.cost == Money(nanodollars: 30_000))
            let again = try #require(model.judgments.last?["messages"]?.array)
            #expect(again.count == 4)
            #expect(again[2]["content"] == "I give it 4.")
            #expect(again[3]["content"]?.string?.contains("holds no JSON object") == true)
        }
    }

    @Test(
        "a judgment that stays wrong is recorded as invalid, without scores",
        arguments: ["no JSON", "{}", #"{"scores": {"Quality": 9}}"#, #"{"scores": {"Quality": 4, "Wit": 4}}"#, ""])
    func invalid(_ text: String) async throws {
        let model = ScriptedModel(judge: { _ in (200, text) })
        try await EvaluatorFixture.running(model) { fixture, evaluator in
            try await evaluator.evaluate([fixture.cell()], judges: ["j"])
            let judgment = try #require(try await fixture.stored().judgments.first)
            #expect(!judgment.valid)
            #expect(judgment.scores.isEmpty)
            #expect(judgment.invalidReason?.isEmpty == false)
            #expect(model.judgments.count == 2)
        }
    }

    @Test("a failed call is a missing output with the provider's words, and is not judged")
    func failed() async throws {
        let model = ScriptedModel(write: { _ in (400, "") })
        try await EvaluatorFixture.running(model) { fixture, evaluator in
            try await evaluator.evaluate([fixture.cell()], judges: ["j"])
            let output = try #require(try await fixture.stored().outputs.first)
            #expect(output.text == nil)
            #expect(output.error?.contains("out of order") == true)
            #expect(model.judgments.isEmpty)
        }
    }

    @Test("a model that answers nothing gives a missing output, and is not judged")
    func empty() async throws {
        let model = ScriptedModel(write: { _ in (200, "") })
        try await EvaluatorFixture.running(model) { fixture, evaluator in
            try await evaluator.evaluate([fixture.cell()], judges: ["j"])
            let output = try #require(try await fixture.stored().outputs.first)
            #expect(output.text == nil)
            #expect(output.error == "the answer is empty")
            #expect(model.judgments.isEmpty)
        }
    }

    @Test("one failing case does not take the others with it")
    func partly() async throws {
        let model = ScriptedModel(write: { request in
            request["messages"]?[1]?["content"]?.string?.contains("question 1") == true ? (400, "") : (200, "fine")
        })
        try await EvaluatorFixture.running(model) { fixture, evaluator in
            try await evaluator.evaluate((0..<3).map { fixture.cell($0) }, judges: ["j"])
            let stored = try await fixture.stored()
            #expect(stored.outputs.count { $0.text == nil } == 1)
            #expect(stored.judgments.count == 2)
        }
    }

    @Test("seeds follow from content: other cases and replicates differ, other ids do not")
    func seeds() async throws {
        var runs: [[JSONValue]] = []
        for _ in 0..<2 {
            let model = ScriptedModel()
            try await EvaluatorFixture.running(model) { fixture, evaluator in
                for cell in [fixture.cell(0), fixture.cell(1), fixture.cell(0, replicate: 1)] {
                    try await evaluator.evaluate([cell], judges: ["j"])
                }
            }
            runs.append(model.executions.compactMap { $0["seed"] })
            #expect(
                Set(model.judgments.compactMap { $0["seed"] }).count == 1,
                "a judge has one seed, so that equal text is an equal call")
        }
        #expect(Set(runs[0]).count == 3)
        #expect(runs[0] == runs[1])
        let model = ScriptedModel()
        try await EvaluatorFixture.running(model, seed: 2) { fixture, evaluator in
            try await evaluator.evaluate([fixture.cell(0)], judges: [])
        }
        #expect(model.executions.first?["seed"] != runs[0].first)
    }

    @Test("judges are asked at temperature 0 unless the file says so, writers at what the file says")
    func temperatures() async throws {
        let model = ScriptedModel()
        try await EvaluatorFixture.running(model, temperature: 0.7) { fixture, evaluator in
            try await evaluator.evaluate([fixture.cell()], judges: ["j"])
        }
        #expect(model.judgments.first?["temperature"]?.double == 0)
        #expect(model.executions.first?["temperature"]?.double == 0.7)
        let silent = ScriptedModel()
        try await EvaluatorFixture.running(silent) { fixture, evaluator in
            try await evaluator.evaluate([fixture.cell()], judges: [])
        }
        #expect(silent.executions.first?["temperature"] == nil || silent.executions.first?["temperature"]?.double == 1)
    }

    @Test("equal outputs of equal cases are judged by one call at temperature 0")
    func cachedJudgments() async throws {
        let model = ScriptedModel(write: { _ in (200, "always the same") })
        try await EvaluatorFixture.running(model) { fixture, evaluator in
            try await evaluator.evaluate([fixture.cell(0), fixture.cell(0, replicate: 1)], judges: ["j"])
            #expect(model.executions.count == 2)
            #expect(model.judgments.count == 1)
            let judgments = try await fixture.stored().judgments
            #expect(judgments.count == 2)
            #expect(judgments.compactMap(\.cost).sorted() == [.zero, Money(nanodollars: 15_000)])
        }
    }
}
