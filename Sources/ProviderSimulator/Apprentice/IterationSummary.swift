internal import EdisonCore

/// Answers the structured call `summary`: one iteration in words.
struct IterationSummary: Sendable {
    private let sections: TaggedText

    init(request: SimulatedRequest) { sections = request.sections }

    var answer: JSONValue {
        let edit = change
        let failures = Words.sentences(sections["failures"] ?? "").filter {
            $0.hasPrefix("The answer") || $0.contains("The answer does")
        }
        let failed = failures.first.map { " Typical of the failures: \(Words.clipped($0, to: 200))" } ?? ""
        return [
            "headline": .string(
                Words.clipped(edit.isEmpty ? "No change is proposed in this round" : "Proposed: \(edit)", to: 118)),
            "summary": .string(
                Words.clipped(
                    "The current version was tested on the cases of this round." + failed
                        + (edit.isEmpty ? " No change is proposed." : " The proposed change is: \(edit)")
                        + " It is small, so that its effect can be told apart from chance.", to: 1_180)),
            "risks": edit.isEmpty
                ? [] : ["A longer prompt can make the model pay less attention to its other instructions."],
        ]
    }

    /// What the edit adds, read from a diff, from JSON or from plain text.
    private var change: String {
        let edit = sections["edit"] ?? ""
        if let parsed = try? JSONValue(parsing: edit) {
            let edits = parsed.array ?? parsed["edits"]?.array ?? [parsed]
            let texts = edits.compactMap { $0["replace"]?.string ?? $0["note"]?.string }.filter { !$0.isEmpty }
            if !texts.isEmpty { return texts.joined(separator: " ") }
        }
        let added = edit.split(whereSeparator: \.isNewline).filter { $0.hasPrefix("+") && !$0.hasPrefix("+++") }.map {
            $0.dropFirst()
        }
        return Words.trimmed(added.isEmpty ? edit : added.joined(separator: " "))
    }
}
