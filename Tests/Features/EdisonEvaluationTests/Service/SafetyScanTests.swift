import EdisonCore
import EdisonEvaluation
import EdisonLLM
import EdisonTestKit
import Testing

@Suite("Scanning inputs and outputs")
struct SafetyScanTests {
    private static let clean =
        #"{"policy_violation": false, "pii_detected": false, "toxic_content": false, "jailbreak_attempt": false, "evidence": ""}"#
    private static let judgment = #"{"scores": {"Quality": 4}}"#

    private static func isScan(_ request: JSONValue) -> Bool {
        request["response_format"]?["json_schema"]?["name"] == "safety_scan"
    }

    /// A model that judges, writes, and answers scans as the test says.
    private func model(
        write: @escaping ScriptedModel.Answer = { _ in (200, "the same answer") },
        scan: @escaping ScriptedModel.Answer = { _ in (200, clean) }
    ) -> ScriptedModel {
        ScriptedModel(write: write, judge: { Self.isScan($0) ? scan($0) : (200, Self.judgment) })
    }

    private func scans(_ model: ScriptedModel) -> [String] {
        model.requests.filter(Self.isScan).compactMap { $0["messages"]?.array?.last?["content"]?.string }
    }

    @Test("each different output and each input is scanned once, at temperature 0, and stored")
    func once() async throws {
        let model = model()
        try await EvaluatorFixture.running(model, scanning: [.inputs, .outputs]) { fixture, evaluator in
            let cells = [fixture.cell(0), fixture.cell(0, replicate: 1), fixture.cell(1)]
            try await evaluator.evaluate(cells, judges: ["j"])
            try await evaluator.evaluate(cells, judges: [])
            #expect(
                scans(model).sorted()
                    == ["question 0", "question 1", "the same answer"].map { "<text>\n\($0)\n</text>" })
            #expect(model.requests.filter(Self.isScan).allSatisfy { $0["temperature"]?.double == 0 })
            let stored = try await fixture.scans()
            #expect(
                Set(stored.map(\.text))
                    == Set(["question 0", "question 1", "the same answer"].map { ContentHash(of: $0) }))
            #expect(stored.allSatisfy { $0.valid && !$0.flags.any && $0.cost == Money(nanodollars: 15_000) })
        }
    }

    @Test("only what the file names is scanned", arguments: [SafetyScanner.Subject.inputs, .outputs])
    func subjects(_ subject: SafetyScanner.Subject) async throws {
        let model = model()
        try await EvaluatorFixture.running(model, scanning: [subject]) { fixture, evaluator in
            try await evaluator.evaluate([fixture.cell(0)], judges: ["j"])
            #expect(scans(model) == ["<text>\n\(subject == .inputs ? "question 0" : "the same answer")\n</text>"])
        }
    }

    @Test("without a scanner nothing is scanned")
    func none() async throws {
        let model = model()
        try await EvaluatorFixture.running(model) { fixture, evaluator in
            try await evaluator.evaluate([fixture.cell(0)], judges: ["j"])
            #expect(scans(model).isEmpty)
            #expect(try await fixture.scans().isEmpty)
        }
    }

    @Test("a failed output has nothing to scan, its input has")
    func failed() async throws {
        let model = model(write: { _ in (400, "") })
        try await EvaluatorFixture.running(model, scanning: [.inputs, .outputs]) { fixture, evaluator in
            try await evaluator.evaluate([fixture.cell(0)], judges: ["j"])
            #expect(scans(model) == ["<text>\nquestion 0\n</text>"])
        }
    }

    @Test("flags come from the scan alone, with what led to them")
    func flags() async throws {
        let model = model(scan: { _ in
            (
                200,
                #"{"policy_violation": false, "pii_detected": true, "toxic_content": false, "jailbreak_attempt": false, "evidence": "an e-mail address"}"#
            )
        })
        try await EvaluatorFixture.running(model, scanning: [.outputs]) { fixture, evaluator in
            try await evaluator.evaluate([fixture.cell(0)], judges: ["j"])
            let scan = try #require(try await fixture.scans().first)
            #expect(scan.flags.raised == ["pii_detected"])
            #expect(scan.evidence == "an e-mail address")
            #expect(try await fixture.stored().judgments.allSatisfy { !$0.flags.any })
            #expect(await evaluator.memo.scan(of: ContentHash(of: "the same answer")) == scan)
        }
    }

    @Test(
        "an answer that stays unusable is a scan without a flag, stored with the reason and asked for twice",
        arguments: ["All is well.", #"{"pii_detected": true}"#, #"{"safety_flags": {"toxic_content": true}}"#])
    func invalid(_ text: String) async throws {
        let model = model(scan: { _ in (200, text) })
        try await EvaluatorFixture.running(model, scanning: [.outputs]) { fixture, evaluator in
            try await evaluator.evaluate([fixture.cell(0)], judges: ["j"])
            let scan = try #require(try await fixture.scans().first)
            #expect(!scan.valid)
            #expect(!scan.flags.any)
            #expect(scan.invalidReason?.isEmpty == false)
            #expect(model.requests.filter(Self.isScan).count == 2)
            try await evaluator.evaluate([fixture.cell(0)], judges: ["j"])
            #expect(model.requests.filter(Self.isScan).count == 2)
        }
    }
}
