import EdisonCore
import EdisonResources
import Foundation
import Mustache

/// A run as one HTML file that needs nothing else: no script, no font, no address.
package struct HTMLReport: Sendable {
    private let result: RunResult

    package init(_ result: RunResult) { self.result = result }

    package func text() throws -> String {
        let source = try Asset.text("Experiments/Templates/report.mustache")
        let style = try Asset.text("Experiments/Templates/report.css")
        let template: MustacheTemplate
        do { template = try MustacheTemplate(string: source) } catch {
            throw EdisonError(.internal, "The report's template is broken.", underlying: error)
        }
        return template.render(ReportModel(result, style: style))
    }
}

/// What the report prints, decided and formatted: the template only places it.
struct ReportModel: Sendable {
    struct Version: Sendable {
        let number: String
        let status: String
        let isAccepted: Bool
        let gain: String
        let reason: String
        let note: String
        let claims: [String]
        let diff: [DiffLine]
    }

    struct DiffLine: Sendable {
        let kind: String
        let text: String
    }

    struct CaseRow: Sendable {
        let input: String
        let before: String
        let after: String
        let scoreBefore: String
        let scoreAfter: String
    }

    let title: String
    let goal: String
    let style: String
    let verdict: String
    let reason: String
    let first: String
    let best: String
    let difference: String
    let interval: String
    let cases: String
    let hasHoldout: Bool
    let stop: String
    let cost: String
    let calls: String
    let seed: String
    let plot: String
    let forest: String
    let versions: [Version]
    let examples: [CaseRow]
    let bestText: String
    let bestSystem: String
    let hasSystem: Bool

    init(_ result: RunResult, style: String) {
        let json = JSONValue.object(result.json)
        self.style = style
        title = json["experiment"]?["name"]?.string ?? "Experiment"
        goal = json["experiment"]?["goal"]?.string ?? ""
        verdict = Self.words(result.verdict)
        reason = json["verdict_reason"]?.string ?? ""
        let holdout = json["holdout"]
        hasHoldout = holdout?.object != nil
        first = Self.number(holdout?["first"])
        best = Self.number(holdout?["best"])
        difference = Self.signed(holdout?["difference"])
        interval = Self.interval(holdout?["interval"])
        cases = "\(holdout?["cases"]?.int ?? 0)"
        stop = (json["stop_reason"]?.string ?? "").replacingOccurrences(of: "_", with: " ")
        cost = json["cost_usd"]?.double.map { String(format: "$%.6f", $0) } ?? "unknown"
        calls = (json["calls"]?.object?.members ?? []).filter { ($0.value.int ?? 0) > 0 }
            .map { "\($0.value.int ?? 0) \($0.key)" }.joined(separator: ", ")
        seed = json["seed"]?.text() ?? ""
        plot = ReportPlots.scores(json)
        forest = ReportPlots.gains(json)
        versions = (json["versions"]?.array ?? []).dropFirst().map(Self.version)
        examples = Self.examples(json)
        bestText = result.best?["text"]?.string ?? ""
        bestSystem = result.best?["system_text"]?.string ?? ""
        hasSystem = !bestSystem.isEmpty
    }

    private static func version(_ json: JSONValue) -> Version {
        let status = json["status"]?.string ?? ""
        let lines = (json["diff"]?.string ?? "").split(separator: "\n").map(String.init)
            .filter { !$0.hasPrefix("---") && !$0.hasPrefix("+++") && !$0.hasPrefix("@@") && !$0.hasPrefix("\\") }
        return Version(
            number: "\(json["number"]?.int ?? 0)", status: status,
            isAccepted: status == "accepted" || status == "promoted",
            gain: signed(json["decision"]?["delta"]), reason: json["decision"]?["reason"]?.string ?? "",
            note: json["note"]?.string ?? "",
            claims: (json["claims"]?.array ?? []).compactMap(\.string).filter { !$0.isEmpty },
            diff: lines.map { line in
                DiffLine(kind: line.hasPrefix("+") ? "add" : line.hasPrefix("-") ? "del" : "same", text: line)
            })
    }

    /// Held-out cases, the first and the best version's words side by side.
    private static func examples(_ json: JSONValue) -> [CaseRow] {
        guard let first = json["first_version_id"], let best = json["best_version_id"], first != best else { return [] }
        let outputs = json["outputs"]?.array ?? []
        let scores = Dictionary(
            (json["scores"]?.array ?? []).map { ($0["output_id"]?.string ?? "", $0["score"]) },
            uniquingKeysWith: { a, _ in a })
        func output(_ version: JSONValue, _ id: JSONValue) -> JSONValue? {
            outputs.first { $0["version_id"] == version && $0["case_id"] == id }
        }
        return (json["cases"]?.array ?? []).filter { $0["split"] == "holdout" }.compactMap { item -> CaseRow? in
            guard let id = item["id"], let before = output(first, id), let after = output(best, id) else { return nil }
            func score(_ output: JSONValue) -> String { number(scores[output["id"]?.string ?? ""] ?? nil) }
            let input = item["input"]?.object?.members.map { "\($0.value.string ?? $0.value.text())" }.joined(
                separator: "\n")
            return CaseRow(
                input: input ?? "", before: before["text"]?.string ?? "", after: after["text"]?.string ?? "",
                scoreBefore: score(before), scoreAfter: score(after))
        }.prefix(5).map(\.self)
    }

    private static func words(_ verdict: Verdict?) -> String {
        switch verdict {
        case .better: "Better than the first version"
        case .worse: "Worse than the first version"
        case .equivalent: "As good as the first version"
        case .noDifference: "No difference shown"
        case .insufficientData: "Not enough data for a verdict"
        case nil: "Scored"
        }
    }

    static func number(_ json: JSONValue?) -> String { json?.double.map { String(format: "%.3f", $0) } ?? "–" }
    static func signed(_ json: JSONValue?) -> String { json?.double.map { String(format: "%+.3f", $0) } ?? "–" }
    static func interval(_ json: JSONValue?) -> String {
        guard let low = json?[0]?.double, let high = json?[1]?.double else { return "–" }
        return String(format: "%.3f to %.3f", low, high)
    }
}
