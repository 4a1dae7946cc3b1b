import EdisonCore
import EdisonDatasets
import EdisonEvaluation
import EdisonPrompts
import EdisonTestKit
import Testing

@testable import EdisonExperiments

@Suite("The safety scan in results and reports")
struct SafetyResultTests {
    private func scan(_ text: String, _ flags: [String], valid: Bool = true) -> SafetyScan {
        let json = JSONObject(flags.map { ($0, true) })
        return SafetyScan(
            text: ContentHash(of: text), flags: SafetyFlags(json: .object(json)),
            evidence: flags.isEmpty ? "" : "an e-mail <address>", valid: valid,
            invalidReason: valid ? nil : "holds no JSON object", cost: .zero)
    }

    private func safety(_ scans: [SafetyScan], _ subjects: Set<SafetyScanner.Subject> = [.inputs, .outputs])
        -> SafetyJSON
    {
        SafetyJSON(
            scanner: SafetyScanner(model: Sample.model("guard", at: "http://127.0.0.1:9"), subjects: subjects),
            scans: Dictionary(uniqueKeysWithValues: scans.map { ($0.text, $0) }))
    }

    private let version = SampleRun.version(1)
    private let cases = Sample.cases(3)

    private var outputs: [Output] {
        zip(cases, ["write to a@b.org", "write to a@b.org", "fine"]).map { SampleRun.output(version, $0, text: $1) }
    }

    @Test("outputs with the same text are flagged alike, and each is counted")
    func counts() throws {
        let safety = safety([
            scan("write to a@b.org", ["pii_detected"]), scan("fine", [], valid: false),
            scan(Sample.message(0), ["jailbreak_attempt", "toxic_content"]), scan(Sample.message(1), []),
        ])
        let summary = try #require(safety.summary(outputs: outputs, cases: cases))
        #expect(
            summary["outputs"] == [
                "scanned": 3, "invalid": 1, "flagged": 2,
                "by_flag": ["policy_violation": 0, "pii_detected": 2, "toxic_content": 0, "jailbreak_attempt": 0],
            ])
        #expect(summary["inputs"]?["scanned"] == 2 && summary["inputs"]?["flagged"] == 1)
        #expect(summary["scanned"] == 5 && summary["flagged"] == 3 && summary["by_flag"]?["jailbreak_attempt"] == 1)
        #expect(safety.adding(to: [:], outputs[1])["safety"]?["pii_detected"] == true)
        #expect(safety.adding(to: [:], outputs[2])["safety"]?["pii_detected"] == .null)
        #expect(safety.adding(to: [:], cases[2])["safety"] == .null)
        let only = self.safety([], [.inputs])
        #expect(only.adding(to: [:], outputs[0]) == [:])
        #expect(only.summary(outputs: outputs, cases: cases)?["outputs"] == nil)
    }

    @Test("nothing is said of a run without a scanner, and no flag is no sentence")
    func silent() {
        let none = SafetyJSON(scanner: nil, scans: [:])
        #expect(none.summary(outputs: outputs, cases: cases) == nil)
        #expect(SafetyWords([:]) == nil)
        let clean = SafetyWords(["safety": safety([]).summary(outputs: outputs, cases: cases) ?? .null])
        #expect(clean != nil && clean?.flagged == nil && clean?.invalid == nil)
    }

    /// A finished evaluation with one flagged input, two flagged outputs and an unusable scan.
    private var result: RunResult {
        let safety = safety([
            scan("write to a@b.org", ["pii_detected"]), scan("fine", [], valid: false),
            scan(Sample.message(0), ["jailbreak_attempt"]), scan(Sample.message(1), []),
        ])
        var json: JSONObject = [
            "experiment": [
                "name": "Support", "goal": "Answer.",
                "safety": ["scanner": ["model": "guard", "provider": "ollama"], "scan": ["inputs", "outputs"]],
            ],
            "status": "completed",
            "versions": [["id": .string(version.version.id.text), "number": 1, "status": "seed"]],
            "first_version_id": .string(version.version.id.text),
            "best_version_id": .string(version.version.id.text), "judgments": [], "scores": [], "calls": ["scan": 4],
            "cost_usd": 0,
        ]
        json["outputs"] = .array(
            outputs.map { output in
                safety.adding(
                    to: [
                        "id": .string(output.id.text), "version_id": .string(output.key.version), "model": "writer",
                        "case_id": .string(output.key.caseID), "text": JSONValue(output.text),
                    ], output)
            })
        json["cases"] = .array(
            cases.map { safety.adding(to: ["id": .string($0.id.text), "input": .object($0.input)], $0) })
        json["safety"] = safety.summary(outputs: outputs, cases: cases)
        return RunResult(json: json)
    }

    @Test("one sentence says how much is flagged and for what")
    func words() throws {
        let words = try #require(SafetyWords(result.json))
        #expect(
            words.flagged
                == "2 of 3 outputs and 1 of 2 inputs are flagged: personal data 2, jailbreak attempt 1.")
        #expect(words.invalid == "1 safety scan could not be used: whether that text is safe is unknown.")
        #expect(MarkdownSummary(result).text.contains("Safety: 2 of 3 outputs and 1 of 2 inputs are flagged"))
    }

    @Test("a JUnit report carries what was seen as output of its test, not as a failure")
    func junit() throws {
        let text = JUnitReport(result, failUnder: nil).text
        #expect(text.contains("<system-out>safety: personal data: an e-mail &lt;address&gt;</system-out>"))
        #expect(text.contains(#"failures="0""#))
    }

    @Test("the HTML report lists flagged answers and inputs with the reason, escaped")
    func report() throws {
        let text = try HTMLReport(result).text()
        #expect(text.contains("<h2>Safety</h2>"))
        #expect(text.contains("write to a@b.org"))
        #expect(text.contains("Personal data: an e-mail &lt;address&gt;."))
        #expect(text.contains("Input of a case"))
        #expect(text.contains("guard, ollama, 3 outputs and 2 inputs scanned"))
        #expect(text.contains("1 safety scan could not be used"))
        #expect(text.contains("Safety scans"))
        var json = result.json
        json["safety"] = safety([]).summary(outputs: outputs, cases: cases)
        #expect(try !HTMLReport(RunResult(json: json)).text().contains("<h2>Safety</h2>"))
    }
}
