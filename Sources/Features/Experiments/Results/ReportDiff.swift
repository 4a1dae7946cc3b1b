import EdisonCore
import EdisonText

/// What became of a prompt, word by word, in lines. Line breaks are no words: a line that only gains or loses the one
/// at its end is the same line.
struct ReportDiff: Sendable {
    struct Piece: Sendable {
        let isAdded: Bool
        let isCut: Bool
        let words: String
    }

    struct Line: Sendable {
        var pieces: [Piece] = []
        /// How many unchanged lines are left out here, in words.
        var gap: String?
        var isChanged = false

        /// Blanks at the ends of a change are not marked.
        mutating func add(_ words: Substring, _ kind: WordDiff.Kind) {
            let head = words.prefix(while: \.isWhitespace)
            let tail = words.dropFirst(head.count).suffix { $0.isWhitespace }
            let core = words.dropFirst(head.count).dropLast(tail.count)
            if kind == .equal || core.isEmpty {
                if !words.isEmpty { pieces.append(Piece(isAdded: false, isCut: false, words: String(words))) }
                return
            }
            if !head.isEmpty { pieces.append(Piece(isAdded: false, isCut: false, words: String(head))) }
            pieces.append(Piece(isAdded: kind == .insert, isCut: kind == .delete, words: String(core)))
            if !tail.isEmpty { pieces.append(Piece(isAdded: false, isCut: false, words: String(tail))) }
            isChanged = true
        }
    }

    /// `Prompt` or `System prompt`; nil where there is one part alone.
    let part: String?
    let lines: [Line]
    let remark: String?

    /// The parts that differ, each with its name where there are several or an owner. Without `context` every line is shown, else so many around each change.
    static func between(_ old: JSONValue?, _ new: JSONValue?, of owner: String? = nil, context: Int? = nil)
        -> [ReportDiff]
    {
        guard let old, let new else { return [] }
        let hasSystem = [old, new].contains { $0["system_text"]?.string?.isEmpty == false }
        let parts = [("system_text", "System prompt"), ("text", "Prompt")]
        return parts.compactMap { key, name in
            let (before, after) = (old[key]?.string ?? "", new[key]?.string ?? "")
            guard !before.utf8.elementsEqual(after.utf8) else { return nil }
            return ReportDiff(
                from: before, to: after,
                part: owner.map { hasSystem ? "\($0), \(name.lowercased())" : $0 } ?? (hasSystem ? name : nil),
                context: context)
        }
    }

    init(from old: String, to new: String, part: String?, context: Int?) {
        let diff = WordDiff(from: old, to: new, mode: .tokens)
        let all = Self.lines(ReportSettledChanges.settled(diff.parts))
        lines = context.map { Self.folded(all, context: $0) } ?? all
        remark = diff.changesWhiteSpaceOnly ? "Only white space changed." : nil
        self.part = part
    }

    private static func lines(_ parts: [ReportSettledChanges.Part]) -> [Line] {
        var lines = [Line()]
        for part in parts {
            for (index, words) in part.text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
                if index > 0 { lines.append(Line()) }
                lines[lines.count - 1].add(words, part.kind)
            }
        }
        return lines
    }

    private static func folded(_ lines: [Line], context: Int) -> [Line] {
        let changed = lines.indices.filter { lines[$0].isChanged }
        func isNear(_ index: Int) -> Bool { changed.contains { abs($0 - index) <= context } }
        var folded: [Line] = []
        var hidden = 0
        func close() {
            if hidden > 0 { folded.append(Line(gap: ReportFigures.count(hidden, "unchanged line"))) }
            hidden = 0
        }
        for index in lines.indices {
            if isNear(index) {
                close()
                folded.append(lines[index])
            } else {
                hidden += 1
            }
        }
        close()
        return folded
    }
}

extension Substring {
    fileprivate func suffix(_ test: (Character) -> Bool) -> Substring {
        var start = endIndex
        while start > startIndex, test(self[index(before: start)]) { start = index(before: start) }
        return self[start...]
    }
}
