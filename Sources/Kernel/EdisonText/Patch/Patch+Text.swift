extension Patch {
    /// The unified form as git writes it; empty without hunks.
    package var bytes: [UInt8] {
        guard !hunks.isEmpty else { return [] }
        let old = oldPath.map { "a/\($0)" } ?? "/dev/null"
        let new = newPath.map { "b/\($0)" } ?? "/dev/null"
        var output = Array("--- \(old)\n+++ \(new)\n".utf8)
        for hunk in hunks {
            let ranges = "-\(Self.range(hunk.oldStart, hunk.oldCount)) +\(Self.range(hunk.newStart, hunk.newCount))"
            output += Array("@@ \(ranges) @@\n".utf8)
            for line in hunk.lines {
                output.append(line.kind.mark)
                output += line.content
                if line.content.last != TextLines.lineFeed { output += Array("\n\\ No newline at end of file\n".utf8) }
            }
        }
        return output
    }

    package var text: String { String(decoding: bytes, as: UTF8.self) }

    /// The count is left out when it is 1.
    private static func range(_ start: Int, _ count: Int) -> String { count == 1 ? "\(start)" : "\(start),\(count)" }
}

extension Patch.LineKind {
    /// The byte before a line of this kind.
    var mark: UInt8 {
        switch self {
        case .context: UInt8(ascii: " ")
        case .delete: UInt8(ascii: "-")
        case .insert: UInt8(ascii: "+")
        }
    }

    init?(mark: UInt8?) {
        guard let kind = Self.allCases.first(where: { $0.mark == mark }) else { return nil }
        self = kind
    }
}
