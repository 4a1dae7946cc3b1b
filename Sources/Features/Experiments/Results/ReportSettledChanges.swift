import EdisonText

/// Moves each change to where a person would have made it. A passage that is added behind "merits." and ends in a full
/// stop may just as well begin at that full stop; people begin at a line, or at a blank.
enum ReportSettledChanges {
    struct Part: Sendable {
        let kind: WordDiff.Kind
        var text: String
    }

    /// How far around a change is looked.
    private static let reach = 200

    static func settled(_ diff: [WordDiff.Part]) -> [Part] {
        var parts = diff.map { Part(kind: $0.kind, text: $0.text) }
        for index in parts.indices where parts[index].kind != .equal {
            let before = index > 0 ? parts[index - 1] : Part(kind: .equal, text: "")
            let after = index + 1 < parts.count ? parts[index + 1] : Part(kind: .equal, text: "")
            // A replacement stands where it stands.
            guard before.kind == .equal, after.kind == .equal else { continue }
            let change = parts[index].text
            let shift = shift(before.text, change, after.text)
            if shift > 0 {
                let passed = after.text.prefix(shift)
                parts[index - 1].text += (change + passed).prefix(shift)
                parts[index].text = String((change + passed).dropFirst(shift))
                parts[index + 1].text = String(after.text.dropFirst(shift))
            } else if shift < 0 {
                let passed = before.text.suffix(-shift)
                parts[index - 1].text = String(before.text.dropLast(-shift))
                parts[index].text = String((passed + change).dropLast(-shift))
                parts[index + 1].text = (passed + change).suffix(-shift) + after.text
            }
        }
        return parts
    }

    /// How far to the right the change may begin as well, where it reads best; negative to the left. Only between two
    /// unchanged parts, since what is passed moves from one to the other.
    private static func shift(_ before: String, _ change: String, _ after: String) -> Int {
        let (before, change, after) = (Array(before.suffix(reach)), Array(change), Array(after.prefix(reach)))
        guard !before.isEmpty, !change.isEmpty, !after.isEmpty else { return 0 }
        let right = after.indices.first { after[$0] != change[$0 % change.count] } ?? after.count
        let left =
            before.indices.first { index in
                before[before.count - 1 - index] != change[change.count - 1 - index % change.count]
            } ?? before.count
        let text = before + change + after
        func worth(_ shift: Int) -> Int {
            let start = before.count + shift
            if text[start].isNewline || start > 0 && text[start - 1].isNewline { return 2 }
            return text[start].isWhitespace ? 1 : 0
        }
        let candidates = (-left...right).sorted { abs($0) < abs($1) }
        return candidates.reduce(0) { best, candidate in worth(candidate) > worth(best) ? candidate : best }
    }
}
