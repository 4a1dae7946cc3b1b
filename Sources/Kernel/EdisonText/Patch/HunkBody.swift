/// Reads the lines under a hunk's header.
struct HunkBody {
    private let lines: [TextLine]
    private(set) var end: Int
    private(set) var content: [Patch.Line] = []
    private var oldCount = 0
    private var newCount = 0

    init(lines: [TextLine], start: Int) {
        self.lines = lines
        end = start
    }

    /// As many lines as the header says.
    mutating func read(_ header: HunkHeader) throws(PatchError) {
        while oldCount < header.oldCount || newCount < header.newCount {
            guard end < lines.count else {
                throw PatchError(
                    .malformed, line: lines.count, "The patch ends within a hunk; complete it or correct the counts.")
            }
            guard try readLine() else {
                throw PatchError(
                    .malformed, line: end + 1,
                    "A line of a hunk begins with a blank, \"-\" or \"+\"; or the hunk has fewer lines than its header says."
                )
            }
        }
        guard oldCount == header.oldCount, newCount == header.newCount else {
            throw PatchError(.malformed, line: end, "The lines of the hunk do not add up to the counts in its header.")
        }
        if end < lines.count, Self.isMarker(lines[end]) { _ = try readLine() }
        if !content.contains(where: { $0.kind != .context }) {
            throw PatchError(.malformed, line: end, "The hunk changes nothing; leave it out.")
        }
    }

    /// Whatever is there, until the next hunk, the next text or the end.
    mutating func readAll(until isFileHeader: (Int) -> Bool) throws(PatchError) {
        while end < lines.count, !HunkHeader.isMarked(lines[end]), !isFileHeader(end), !Self.isSignature(lines[end]),
            !lines[end].starts(with: "diff ".utf8)
        {
            guard try readLine() else {
                throw PatchError(.malformed, line: end + 1, "A line of a hunk begins with a blank, \"-\" or \"+\".")
            }
        }
        if content.isEmpty { throw PatchError(.malformed, line: end, "The hunk is empty.") }
    }

    /// False when the line is none of a hunk.
    private mutating func readLine() throws(PatchError) -> Bool {
        let line = lines[end]
        if Self.isMarker(line) {
            guard let last = content.last, last.content.last == TextLines.lineFeed else {
                throw PatchError(
                    .malformed, line: end + 1, "There is no line before this one whose ending it could take.")
            }
            content[content.count - 1] = Patch.Line(last.kind, last.content.dropLast())
        } else if line.elementsEqual(CollectionOfOne(TextLines.lineFeed)) {
            add(Patch.Line(.context, line))
        } else if let kind = Patch.LineKind(mark: line.first) {
            add(Patch.Line(kind, line.dropFirst()))
        } else {
            return false
        }
        end += 1
        return true
    }

    private mutating func add(_ line: Patch.Line) {
        content.append(line)
        if line.kind != .insert { oldCount += 1 }
        if line.kind != .delete { newCount += 1 }
    }

    /// `\ No newline at end of file`, in any language.
    private static func isMarker(_ line: TextLine) -> Bool { line.starts(with: "\\ ".utf8) }

    /// What mail puts between the text and the sender; git writes it below its patches.
    static func isSignature(_ line: TextLine) -> Bool { line.elementsEqual("-- \n".utf8) }
}
