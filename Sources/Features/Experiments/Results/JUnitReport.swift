import EdisonCore
import Foundation

/// A run as a JUnit report: one test for the bar, which alone can fail, and one for each answer that it rests on, with its
/// score, so that any CI shows which cases fall short.
///
/// The bar is for the mean: a run that passes has no failures, though some of its cases lie below the bar.
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
        let skipped = tests.count { $0.missing != nil }
        let name = Self.escaped(result.json["experiment"]?["name"]?.string ?? "edison")
        let seconds = Double(result.json["duration_ms"]?.int ?? 0) / 1000
        var lines = [
            #"<?xml version="1.0" encoding="UTF-8"?>"#,
            #"<testsuites name="edison" tests="\#(tests.count)" failures="\#(failures)" errors="\#(errors)" skipped="\#(skipped)">"#,
            #"  <testsuite name="\#(name)" tests="\#(tests.count)" failures="\#(failures)" errors="\#(errors)" skipped="\#(skipped)" time="\#(seconds)">"#,
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
        /// Why there is no score.
        var missing: String?
        /// Its score, and what the safety scan saw.
        var notes: [String] = []

        var lines: [String] {
            let head = #"    <testcase classname="\#(JUnitReport.escaped(suite))" name="\#(JUnitReport.escaped(name))""#
            var inside: [String] = []
            if let failure { inside.append("<failure message=\"\(JUnitReport.escaped(failure))\"/>") }
            if let error { inside.append("<error message=\"\(JUnitReport.escaped(error))\"/>") }
            if let missing { inside.append("<skipped message=\"\(JUnitReport.escaped(missing))\"/>") }
            if !notes.isEmpty {
                inside.append("<system-out>\(JUnitReport.escaped(notes.joined(separator: "; ")))</system-out>")
            }
            return inside.isEmpty ? [head + "/>"] : [head + ">"] + inside.map { "      \($0)" } + ["    </testcase>"]
        }
    }

    /// The answers that the bar rests on.
    private var caseTests: [Test] {
        let version = result.barVersion
        let isTested = result.json["holdout"]?.object != nil
        let inputs = Dictionary(
            (result.json["cases"]?.array ?? []).map { ($0["id"]?.string ?? "", $0["input"]?.text() ?? "") },
            uniquingKeysWith: { first, _ in first })
        let scores = Dictionary(
            (result.json["scores"]?.array ?? []).compactMap { row in
                row["output_id"]?.string.map { ($0, row["score"]?.double) }
            }, uniquingKeysWith: { first, _ in first })
        let outputs = (result.json["outputs"]?.array ?? []).filter {
            (version == nil || $0["version_id"]?.string == version) && (!isTested || $0["split"] == "holdout")
        }
        return outputs.map { output in
            var test = Test(
                suite: output["model"]?.string ?? "model",
                name: String((inputs[output["case_id"]?.string ?? ""] ?? "").prefix(120)))
            if let error = output["error"]?.string {
                test.missing = error
            } else if let score = output["id"]?.string.flatMap({ scores[$0] ?? nil }) {
                test.notes.append(String(format: "score %.3f", score))
                if let failUnder, score < failUnder { test.notes.append("below \(failUnder)") }
            } else {
                test.missing = "no valid judgment"
            }
            if let flags = SafetyWords.flags(of: output) { test.notes.append("safety: \(flags)") }
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
            case _ where scalar.value < 32 || scalar.value & 0xFFFE == 0xFFFE: result += "\u{FFFD}"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}
