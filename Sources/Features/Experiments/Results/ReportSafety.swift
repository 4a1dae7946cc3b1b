import EdisonCore

/// What the safety scan flagged, each with where it stands and why.
struct ReportSafety: Sendable {
    struct Row: Sendable {
        let text: String
        let place: String
        let reason: String
    }

    let note: String
    let rows: [Row]
    let more: String?

    /// nil when nothing is flagged.
    init?(_ source: ReportSource) {
        guard let words = SafetyWords(source.json.object ?? [:]), let flagged = words.flagged else { return nil }
        note = flagged
        let all = source.outputs.compactMap { Self.output($0, source) } + source.cases.compactMap(Self.input)
        rows = Array(all.prefix(Self.most))
        let rest = all.count - rows.count
        more = rest > 0 ? "\(ReportFigures.count(rest, "more")) \(rest == 1 ? "stands" : "stand") in result.json." : nil
    }

    /// A page is for reading; the file has all of them.
    private static let most = 30

    private static func output(_ output: JSONValue, _ source: ReportSource) -> Row? {
        guard let reason = SafetyWords.flags(of: output) else { return nil }
        let splits = ["search": "search case", "holdout": "held-out case"]
        return Row(
            text: clipped(output["text"]?.string ?? ""),
            place: [
                "Answer of \(source.name(output["version_id"]))", output["model"]?.string,
                source.isEvaluation ? nil : output["split"]?.string.flatMap { splits[$0] },
            ].compactMap(\.self).joined(separator: ", "), reason: ReportWords.sentence(reason))
    }

    private static func input(_ testCase: JSONValue) -> Row? {
        guard let reason = SafetyWords.flags(of: testCase) else { return nil }
        let members = testCase["input"]?.object?.members ?? []
        let text = members.map { $0.value.string ?? $0.value.text() }.joined(separator: "\n")
        return Row(text: clipped(text), place: "Input of a case", reason: ReportWords.sentence(reason))
    }

    private static func clipped(_ text: String) -> String { text.count > 400 ? "\(text.prefix(400))…" : text }

    /// Who scanned what, for the facts of the page; nil without a scanner.
    static func fact(_ source: ReportSource) -> String? {
        guard let words = SafetyWords(source.json.object ?? [:]) else { return nil }
        let scanner = source.experiment?["safety"]?["scanner"]
        let name = [scanner?["model"]?.string, scanner?["provider"]?.string].compactMap(\.self)
        return (name + [words.scanned]).joined(separator: ", ")
    }
}
