import EdisonCore
import Foundation

/// A run as a JUnit report: one test a case, and one for the bar, so that any CI shows which cases fall short.
package struct JUnitReport: Sendable {
    private let result: RunResult
    private let failUnder: Double?

    package init(_ result: RunResult, failUnder: Double?) {
        self.result = result
        self.failUnder = failUnder
    }

    package var text: String {
        let tests = caseTests + barTests
        let failures = tests.count { $0.failure != nil }
        let errors = tests.count { $0.error != nil }
        let name = Self.escaped(result.json["experiment"]?["name"]?.string ?? "edison")
        let seconds = Double(result.json["duration_ms"]?.int ?? 0) / 1000
        var lines = [
            #"<?xml version="1.0" encoding="UTF-8"?>"#,
            #"<testsuites name="edison" tests="\#(tests.count)" failures="\#(failures)" errors="\#(errors)">"#,
            #"  <testsuite name="\#(name)" tests="\#(tests.count)" failures="\#(failures)" errors="\#(errors)" time="\#(seconds)">"#,
        ]
        lines += tests.flatMap(\.lines)
        lines += ["  </testsuite>", "</testsuites>", ""]
        return lines.joined(separator: "\n")
    }

    private struct Test {
        let suite: String
        let name: String
        var failure: String?
        var error: String?
        /// What the safety scan saw; no failure, since only the bar decides.
        var safety: String?

        var lines: [String] {
            let head = #"    <testcase classname="\#(JUnitReport.escaped(suite))" name="\#(JUnitReport.escaped(name))""#
            if let failure {
                return [head + ">", "      <failure message=\"\(JUnitReport.escaped(failure))\"/>", "    </testcase>"]
            }
            if let error {
                return [head + ">", "      <error message=\"\(JUnitReport.escaped(error))\"/>", "    </testcase>"]
            }
            if let safety {
                return [
                    head + ">", "      <system-out>safety: \(JUnitReport.escaped(safety))</system-out>",
                    "    </testcase>",
                ]
            }
            return [head + "/>"]
        }
    }

    /// The outputs of the version that is recommended; a case fails when its score is below the bar.
    private var caseTests: [Test] {
        let best = result.json["best_version_id"]
        let inputs = Dictionary(
            (result.json["cases"]?.array ?? []).map { ($0["id"]?.string ?? "", $0["input"]?.text() ?? "") },
            uniquingKeysWith: { first, _ in first })
        let scores = Dictionary(
            (result.json["scores"]?.array ?? []).compactMap { row in
                row["output_id"]?.string.map { ($0, row["score"]?.double) }
            }, uniquingKeysWith: { first, _ in first })
        return (result.json["outputs"]?.array ?? []).filter { best == nil || $0["version_id"] == best }.map { output in
            let input = inputs[output["case_id"]?.string ?? ""] ?? ""
            var test = Test(
                suite: output["model"]?.string ?? "model", name: String(input.prefix(120)))
            test.safety = SafetyWords.flags(of: output)
            if let error = output["error"]?.string {
                test.error = error
            } else if let failUnder, let id = output["id"]?.string, let score = scores[id] ?? nil, score < failUnder {
                test.failure = String(format: "score %.3f is below %.3f", score, failUnder)
            }
            return test
        }
    }

    private var barTests: [Test] {
        guard let failUnder else { return [] }
        var test = Test(suite: "edison", name: "score is at least \(failUnder)")
        if let bar = result.bar {
            if bar < failUnder { test.failure = String(format: "score %.3f is below %.3f", bar, failUnder) }
        } else {
            test.error = "nothing could be evaluated"
        }
        return [test]
    }

    private static func escaped(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "\n", "\t": result += " "
            // XML 1.0 knows no other control characters.
            case _ where scalar.value < 32: result += "\u{FFFD}"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}
