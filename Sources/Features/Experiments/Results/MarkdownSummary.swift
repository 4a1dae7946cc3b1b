import EdisonCore
import Foundation

/// A run in a few lines of Markdown: for the summary page of a CI job or a comment on a change.
package struct MarkdownSummary: Sendable {
    private let result: RunResult
    private let failUnder: Double?

    package init(_ result: RunResult, failUnder: Double? = nil) {
        self.result = result
        self.failUnder = failUnder
    }

    package var text: String {
        let name = Self.escaped(result.json["experiment"]?["name"]?.string ?? "experiment")
        var lines = ["## \(name)", ""]
        if let holdout = result.json["holdout"], holdout.object != nil {
            lines += [
                "| | score |", "| --- | --- |", "| first version | \(number(holdout["first"])) |",
                "| best version | \(number(holdout["best"])) |",
                "| difference | \(signed(holdout["difference"])) \(interval(holdout["interval"])) on \(holdout["cases"]?.int ?? 0) held-out cases |",
            ]
            if let corrected = holdout["corrected"], corrected.object != nil {
                lines.append(
                    "| corrected by people | \(signed(corrected["difference"])) \(interval(corrected["interval"])) by \(corrected["labels"]?.int ?? 0) labelled cases |"
                )
            }
        } else if let composite = result.json["composite"], composite.object != nil,
            (result.json["variants"]?.array ?? []).isEmpty
        {
            lines += [
                "| | score | 95 % interval | cases |", "| --- | --- | --- | --- |",
                "| composite | \(number(composite["score"])) | \(interval(composite["interval"])) | \(composite["cases"]?.int ?? 0) |",
            ]
        }
        lines += variants
        if let verdict = result.verdict {
            let reason = result.json["verdict_reason"]?.string.map { " (\($0))" } ?? ""
            lines += ["", "Verdict: **\(verdict.rawValue.replacingOccurrences(of: "_", with: " "))**\(reason)"]
        }
        if let flagged = FlaggedWords(result.json) { lines += ["", "Flags: \(flagged.sentence)"] }
        if let safety = SafetyWords(result.json) {
            lines += [safety.flagged, safety.invalid].compactMap(\.self).flatMap { ["", "Safety: \($0)"] }
        }
        if let failUnder, let value = result.bar {
            let words = value < failUnder ? "**below** the bar" : "not below the bar"
            lines += ["", "The score \(number(.number(value))) is \(words) of \(failUnder)."]
        }
        let cost = result.json["cost_usd"]?.double.map { String(format: "$%.4f", $0) } ?? "unknown cost"
        let calls = (result.json["calls"]?.object?.members ?? []).reduce(0) { $0 + ($1.value.int ?? 0) }
        let over = OverrunWords(result.json).map { ", \($0.claim)" } ?? ""
        lines += ["", "\(calls) calls, \(cost)\(over)", ""]
        return lines.joined(separator: "\n")
    }

    private var variants: [String] {
        guard let variants = result.json["variants"]?.array, !variants.isEmpty else { return [] }
        return [
            "", "| variant | score | 95 % interval | against the first | verdict |", "| --- | --- | --- | --- | --- |",
        ]
            + variants.map { row in
                let comparison = row["comparison"]
                let against =
                    comparison?.object == nil
                    ? "" : "\(signed(comparison?["difference"])) \(interval(comparison?["interval"]))"
                return
                    "| \(Self.escaped(row["name"]?.string ?? "")) | \(number(row["score"])) | \(interval(row["interval"])) | \(against) | \(words(comparison?["verdict"])) |"
            }
    }

    /// Text of a person's, not markup: what Markdown or HTML would take for theirs is escaped, lines are joined.
    private static func escaped(_ text: String) -> String {
        let joined = text.split(whereSeparator: \.isNewline).joined(separator: " ")
        return joined.reduce(into: "") { result, letter in
            if "\\`*_{}[]<>#|!~&".contains(letter) { result.append("\\") }
            result.append(letter)
        }
    }

    private func words(_ verdict: JSONValue?) -> String {
        verdict?.string?.replacingOccurrences(of: "_", with: " ") ?? ""
    }

    private func number(_ json: JSONValue?) -> String { json?.double.map { String(format: "%.3f", $0) } ?? "–" }
    private func signed(_ json: JSONValue?) -> String { json?.double.map { String(format: "%+.3f", $0) } ?? "–" }
    private func interval(_ json: JSONValue?) -> String {
        guard let low = json?[0]?.double, let high = json?[1]?.double else { return "–" }
        return String(format: "[%.3f, %.3f]", low, high)
    }
}
