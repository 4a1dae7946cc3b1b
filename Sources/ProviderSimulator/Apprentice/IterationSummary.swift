internal import EdisonCore

/// Answers the structured call `summary`: one iteration in words.
struct IterationSummary: Sendable {
    private let sections: TaggedText
    /// What was raced, as the loop tells it.
    private let raced: [JSONValue]

    init(request: SimulatedRequest) {
        sections = request.sections
        raced = ((try? JSONValue(parsing: sections["edit"] ?? ""))?.array ?? []).filter { $0["version"]?.int != nil }
    }

    var answer: JSONValue {
        let words = raced.isEmpty ? plainWords : racedWords
        let parts = [failure.map { "Typical of the failures: \($0)" }, words.summary].compactMap(\.self)
        return [
            "headline": .string(Words.clipped(words.headline, to: 118)),
            "summary": .string(Words.clipped(parts.joined(separator: " "), to: 1_180)),
            "risks": words.isChange
                ? ["A longer prompt can make the model pay less attention to its other instructions."] : [],
        ]
    }

    private struct Telling {
        let headline: String
        let summary: String
        let isChange: Bool
    }

    private var racedWords: Telling {
        func isKept(_ row: JSONValue) -> Bool { row["status"] == "accepted" || row["status"] == "promoted" }
        let lead = raced.first { $0["incumbent"] == true } ?? raced.first(where: isKept) ?? raced[0]
        let isChange = raced.contains(where: isKept)
        let others = raced.count > 1 ? ", one of \(raced.count) that were raced" : ""
        let note = lead["note"]?.string ?? ""
        let rows = raced.map { row in
            let reason = row["reason"]?.string ?? ""
            return "Version \(row["version"]?.int ?? 0) was \(isKept(row) ? "kept" : "dropped")"
                + (reason.isEmpty ? "." : ": \(reason).")
        }
        return Telling(
            headline: isChange || raced.count == 1
                ? "Version \(lead["version"]?.int ?? 0) \(isChange ? "kept" : "dropped")\(others): "
                    + Self.growth(lead["diff"]?.string ?? "")
                : "All \(raced.count) that were raced were dropped",
            summary: (rows + Words.sentences(note)).joined(separator: " "), isChange: isChange)
    }

    /// What a diff does to a prompt, counted in sentences.
    private static func growth(_ diff: String) -> String {
        func sentences(_ mark: String) -> [String] {
            diff.split(whereSeparator: \.isNewline).filter { $0.hasPrefix(mark) && !$0.hasPrefix(mark + mark) }
                .flatMap { Words.sentences(String($0.dropFirst())) }
        }
        let (old, new) = (sentences("-"), sentences("+"))
        let counts = [(new.count { !old.contains($0) }, "more"), (old.count { !new.contains($0) }, "less")]
        let words = counts.filter { $0.0 > 0 }.map { "\($0.0) sentence\($0.0 == 1 ? "" : "s") \($0.1)" }
        return words.isEmpty ? "the same sentences" : words.joined(separator: ", ")
    }

    /// The edit as a diff, as JSON or as plain text; often there is none.
    private var plainWords: Telling {
        let change = change
        return change.isEmpty
            ? Telling(
                headline: "Nothing new to try; the current version stays",
                summary: "No change was raced, so the current version stays as it is.", isChange: false)
            : Telling(
                headline: "Tried: \(change)",
                summary: "The change that was tried: \(change) It is small, so that its effect can be told apart from "
                    + "chance.", isChange: true)
    }

    /// A sentence of a judge's about the worst answer.
    private var failure: String? {
        let text = sections["failures"] ?? ""
        let rows = (try? JSONValue(parsing: text))?.array ?? []
        let rationales = rows.flatMap { row in
            (row["rationales"]?.object?.members ?? []).flatMap { $0.value.array ?? [$0.value] }.compactMap(\.string)
        }
        return (rows.isEmpty ? [text] : rationales).flatMap(Words.sentences).first { $0.hasPrefix("The answer ") }
            .map { Words.clipped($0, to: 200) }
    }

    /// What the edit adds.
    private var change: String {
        let edit = sections["edit"] ?? ""
        if let parsed = try? JSONValue(parsing: edit) {
            let edits = parsed.array ?? parsed["edits"]?.array ?? [parsed]
            return edits.compactMap { $0["replace"]?.string ?? $0["note"]?.string }.filter { !$0.isEmpty }
                .joined(separator: " ")
        }
        let added = edit.split(whereSeparator: \.isNewline).filter { $0.hasPrefix("+") && !$0.hasPrefix("+++") }.map {
            $0.dropFirst()
        }
        return Words.trimmed(added.isEmpty ? edit : added.joined(separator: " "))
    }
}
