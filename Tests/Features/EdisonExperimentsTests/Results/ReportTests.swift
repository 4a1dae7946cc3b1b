import EdisonCore
import EdisonExperiments
import Foundation
import Testing

#if canImport(FoundationXML)
    import FoundationXML
#endif

/// What a parser makes of a JUnit report.
private final class JUnitReader: NSObject, XMLParserDelegate {
    private(set) var suites: [[String: String]] = []
    private(set) var cases: [(name: String, outcome: String)] = []

    static func read(_ text: String) throws -> JUnitReader {
        let reader = JUnitReader()
        let parser = XMLParser(data: Data(text.utf8))
        parser.delegate = reader
        if !parser.parse() { throw parser.parserError ?? EdisonError(.invalid, "no XML") }
        return reader
    }

    func parser(
        _ parser: XMLParser, didStartElement element: String, namespaceURI: String?, qualifiedName: String?,
        attributes: [String: String]
    ) {
        switch element {
        case "testsuites", "testsuite": suites.append(attributes)
        case "testcase": cases.append((attributes["name"] ?? "", "passed"))
        case "failure", "error", "skipped":
            cases[cases.count - 1].outcome = "\(element): \(attributes["message"] ?? "")"
        default: break
        }
    }
}

@Suite("Reports of a run")
struct ReportTests {
    /// A result by the contract, with an input of the test's choice.
    private func result(_ change: (inout JSONObject) -> Void = { _ in }) -> RunResult {
        var json: JSONObject = [
            "experiment": ["name": "Support", "goal": "Answer."], "seed": 1, "status": "completed",
            "stop_reason": "converged", "verdict": "better", "verdict_reason": nil,
            "versions": [
                [
                    "id": "v1", "number": 1, "status": "seed", "text": "first", "system_text": nil, "diff": "",
                    "note": "", "claims": [],
                ],
                [
                    "id": "v2", "number": 2, "status": "promoted", "text": "second", "system_text": "sys",
                    "diff": "--- a/prompt.txt\n+++ b/prompt.txt\n@@ -1 +1 @@\n-first\n+second\n",
                    "note": "Better <words>.",
                    "claims": ["mends Quality"],
                    "decision": [
                        "by": "promotion", "reason": "r", "delta": 0.1, "interval": [0.05, 0.15], "cases": 6,
                    ],
                ],
            ],
            "first_version_id": "v1", "best_version_id": "v2",
            "iterations": [["number": 1, "metrics": ["composite": ["score": 0.6, "interval": [0.5, 0.7]]]]],
            "holdout": [
                "version_id": "v2", "first": 0.6, "best": 0.7, "difference": 0.1, "interval": [0.05, 0.15], "cases": 20,
            ],
            "outputs": [
                [
                    "id": "o1", "split": "holdout", "version_id": "v2", "case_id": "c1", "model": "m", "text": "fine",
                    "error": nil,
                ],
                [
                    "id": "o2", "split": "holdout", "version_id": "v2", "case_id": "c2", "model": "m", "text": "poor",
                    "error": nil,
                ],
                [
                    "id": "o3", "split": "holdout", "version_id": "v2", "case_id": "c3", "model": "m", "text": nil,
                    "error": "HTTP 400",
                ],
                [
                    "id": "o4", "split": "holdout", "version_id": "v1", "case_id": "c1", "model": "m", "text": "old",
                    "error": nil,
                ],
                [
                    "id": "o5", "split": "search", "version_id": "v2", "case_id": "c4", "model": "m", "text": "raced",
                    "error": nil,
                ],
            ],
            "scores": [
                ["output_id": "o5", "score": 0.2], ["output_id": "o1", "score": 0.9],
                ["output_id": "o2", "score": 0.4],
                ["output_id": "o3", "score": nil],
                ["output_id": "o4", "score": 0.1],
            ],
            "cases": [
                ["id": "c1", "split": "holdout", "input": ["message": "Hi"]],
                ["id": "c2", "split": "search", "input": ["message": "Ho"]],
                ["id": "c3", "split": "search", "input": ["message": "Hu"]],
            ],
            "calls": ["execute": 4, "judge": 4, "refine": 1], "cost_usd": 0.0123, "duration_ms": 1_500,
        ]
        change(&json)
        return RunResult(json: json)
    }

    @Test("JUnit: one test for each answer that the bar rests on, and one for the bar, which alone can fail")
    func junit() throws {
        let text = JUnitReport(result(), failUnder: 0.8).text
        let report = try JUnitReader.read(text)
        #expect(
            report.cases.map(\.outcome) == [
                "passed", "passed", "skipped: HTTP 400", "failure: score 0.700 is below 0.800",
            ])
        #expect(
            report.suites.allSatisfy {
                $0["tests"] == "4" && $0["failures"] == "1" && $0["errors"] == "0" && $0["skipped"] == "1"
            })
        #expect(text.contains("score 0.400; below 0.8"))
        #expect(!text.contains("score 0.200"), "what only a race saw is no part of the bar")
        #expect(report.suites.last?["name"] == "Support")
        #expect(report.suites.last?["time"] == "1.5")
    }

    @Test("JUnit: a run that passes its bar has no failures, whatever single cases score")
    func junitPassed() throws {
        let report = try JUnitReader.read(JUnitReport(result(), failUnder: 0.65).text)
        #expect(report.suites.allSatisfy { $0["failures"] == "0" && $0["errors"] == "0" })
    }

    @Test("JUnit: without a bar nothing fails")
    func junitWithoutBar() throws {
        let report = try JUnitReader.read(JUnitReport(result(), failUnder: nil).text)
        #expect(report.cases.map(\.outcome) == ["passed", "passed", "skipped: HTTP 400"])
        #expect(report.suites.first?["failures"] == "0")
    }

    @Test("JUnit: when nothing could be evaluated the bar is an error")
    func junitNothing() throws {
        let empty = result { json in
            json["holdout"] = .null
            json["outputs"] = []
        }
        let report = try JUnitReader.read(JUnitReport(empty, failUnder: 0.5).text)
        #expect(report.cases.map(\.outcome) == ["error: nothing could be evaluated"])
    }

    @Test(
        "JUnit stays valid XML, whatever cases and errors hold",
        arguments: [
            #"<a href="x">&amp; 'b'</a>"#, "]]>", "\u{0}\u{1}\u{8}\u{B}\u{C}\u{1F}", "\u{FFFE}\u{FFFF}",
            "line\r\nbreak\ttab",
            "👩‍👩‍👧 é 日本語", "\u{7F}\u{85}\u{2028}", String(repeating: "👩‍👩‍👧<", count: 200), "<!-- -->", "<![CDATA[",
        ])
    func junitEscapes(_ text: String) throws {
        let hostile = result { json in
            json["experiment"] = ["name": .string(text)]
            json["cases"] = [["id": "c1", "split": "search", "input": ["message": .string(text)]]]
            json["outputs"] = [
                [
                    "id": "o1", "split": "holdout", "version_id": "v2", "case_id": "c1", "model": .string(text),
                    "text": "x",
                    "error": .string(text),
                ]
            ]
        }
        let report = try JUnitReader.read(JUnitReport(hostile, failUnder: nil).text)
        #expect(report.cases.count == 1)
        #expect(report.cases.first?.outcome.hasPrefix("skipped: ") == true)
    }

    @Test("Markdown: scores, difference with interval, verdict, calls and cost")
    func markdown() {
        let text = MarkdownSummary(result()).text
        for part in [
            "## Support", "| first version | 0.600 |", "| best version | 0.700 |",
            "| difference | +0.100 [0.050, 0.150] on 20 held-out cases |", "Verdict: **better**", "9 calls, $0.0123",
        ] { #expect(text.contains(part), "\(part)") }
    }

    @Test("Markdown: an evaluation shows its composite, and unknown cost as unknown")
    func markdownOfEvaluation() {
        let text = MarkdownSummary(
            result { json in
                json["holdout"] = .null
                json["verdict"] = .null
                json["composite"] = ["score": 0.61, "interval": [0.5, 0.72], "cases": 12]
                json["cost_usd"] = .null
            }
        ).text
        #expect(text.contains("| composite | 0.610 | [0.500, 0.720] | 12 |"))
        #expect(!text.contains("Verdict"))
        #expect(text.contains("9 calls, unknown cost"))
    }

    @Test("Markdown: the reason of a missing verdict, and variants against the first")
    func markdownOfVariants() {
        let text = MarkdownSummary(
            result { json in
                json["verdict"] = "insufficient_data"
                json["verdict_reason"] = "5 cases are too few"
                json["variants"] = [
                    ["name": "plain", "score": 0.5, "interval": [0.4, 0.6]],
                    [
                        "name": "warm", "score": 0.6, "interval": nil,
                        "comparison": ["difference": 0.1, "interval": [0.0, 0.2]],
                    ],
                ]
            }
        ).text
        #expect(text.contains("Verdict: **insufficient data** (5 cases are too few)"))
        #expect(text.contains("| plain | 0.500 | [0.400, 0.600] |  |"))
        #expect(text.contains("| warm | 0.600 | – | +0.100 [0.000, 0.200] |"))
    }

    @Test("Markdown: a name cannot break the table or the heading")
    func markdownEscapes() {
        let text = MarkdownSummary(
            result { json in
                json["experiment"] = ["name": "two\nlines"]
                json["variants"] = [["name": "a|b\nc", "score": 0.5], ["name": "d", "score": 0.5]]
            }
        ).text
        #expect(text.split(separator: "\n").first == "## two lines")
        let row = text.split(separator: "\n").first { $0.hasPrefix("| a") } ?? ""
        let bars = row.replacing("\\|", with: "").count { $0 == "|" }
        let heading = text.split(separator: "\n").first { $0.hasPrefix("| variant") } ?? ""
        #expect(bars == heading.count { $0 == "|" } && bars == 6)
    }

    @Test("the folder of a run holds prompt, system text, diffs, result and report")
    func folder() throws {
        try SampleFile.inFolder([:]) { folder in
            let target = folder.appendingPathComponent("out/deep")
            try RunFolder(result()).write(to: target)
            func text(_ name: String) throws -> String {
                try String(contentsOf: target.appendingPathComponent(name), encoding: .utf8)
            }
            #expect(try text("best-prompt.txt") == "second")
            #expect(try text("best-system.txt") == "sys")
            #expect(try text("diffs/version-002-promoted.diff").contains("+second"))
            #expect(try JSONValue(parsing: text("result.json")) == .object(result().json))
            #expect(try text("report.html").contains("Support"))
        }
    }

    @Test("the bar is the hold-out of the best version, else the composite")
    func bar() {
        #expect(result().bar == 0.7)
        #expect(result { $0["holdout"] = .null }.bar == nil)
        #expect(
            result { json in
                json["holdout"] = .null
                json["composite"] = ["score": 0.55]
            }.bar == 0.55)
    }
}
