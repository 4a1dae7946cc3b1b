/// A unified diff of one text: what is stored with a version, exchanged with other tools, and proposed by models.
package struct Patch: Hashable, Sendable {
    /// Without the prefix `a/`; nil when the patch creates the text (`/dev/null`).
    package let oldPath: String?
    /// Without the prefix `b/`; nil when the patch removes the text.
    package let newPath: String?
    /// In ascending order.
    package let hunks: [Hunk]

    package enum LineKind: Hashable, Sendable, CaseIterable { case context, delete, insert }

    package struct Line: Hashable, Sendable {
        package let kind: LineKind
        let content: TextLine

        init(_ kind: LineKind, _ content: TextLine) {
            self.kind = kind
            self.content = content
        }

        /// With its ending, which only the last line of a text may lack.
        package var text: String { String(decoding: content, as: UTF8.self) }
    }

    /// One place of the text: what stands there, and what is to stand there.
    package struct Hunk: Hashable, Sendable {
        /// As the header writes it: from 1; for an empty side the number of the line before it.
        package let oldStart: Int
        package let newStart: Int
        package let lines: [Line]

        package var oldCount: Int { lines.count { $0.kind != .insert } }
        package var newCount: Int { lines.count { $0.kind != .delete } }
        /// Where the hunk's old lines are said to begin, from 0.
        var oldIndex: Int { max(0, oldCount == 0 ? oldStart : oldStart - 1) }
    }

    package var addedCount: Int { hunks.reduce(0) { $0 + $1.lines.count { $0.kind == .insert } } }
    package var deletedCount: Int { hunks.reduce(0) { $0 + $1.lines.count { $0.kind == .delete } } }

    /// The patch that takes this one back.
    package var reversed: Patch {
        Patch(oldPath: newPath, newPath: oldPath, hunks: hunks.map(\.reversed))
    }
}

extension Patch.Hunk {
    /// Deletions become insertions and the reverse; within each run deletions stay first.
    var reversed: Patch.Hunk {
        var lines: [Patch.Line] = []
        var (deleted, inserted): ([Patch.Line], [Patch.Line]) = ([], [])
        func flush() {
            lines += deleted + inserted
            (deleted, inserted) = ([], [])
        }
        for line in self.lines {
            switch line.kind {
            case .context:
                flush()
                lines.append(line)
            case .delete: inserted.append(Patch.Line(.insert, line.content))
            case .insert: deleted.append(Patch.Line(.delete, line.content))
            }
        }
        flush()
        return Patch.Hunk(oldStart: newStart, newStart: oldStart, lines: lines)
    }
}
