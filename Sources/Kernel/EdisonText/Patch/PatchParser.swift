/// Reads a unified diff as git does: text before the file header and after the last hunk is skipped, counts must hold.
///
/// Two liberties are taken, since patches are pasted and written by models: a lost last line ending is completed, and
/// an empty line within a hunk counts as empty context, whose blank an editor has stripped.
struct PatchParser {
    private let lines: [TextLine]
    private let repairsCounts: Bool
    private var position = 0

    init(_ bytes: [UInt8], repairingCounts: Bool) {
        let isComplete = bytes.isEmpty || bytes.last == TextLines.lineFeed
        lines = TextLines.split(isComplete ? bytes : bytes + CollectionOfOne(TextLines.lineFeed))
        repairsCounts = repairingCounts
    }

    mutating func parse() throws(PatchError) -> Patch {
        try findFileHeader()
        let oldPath = Self.path(lines[position], prefix: "a/")
        let newPath = Self.path(lines[position + 1], prefix: "b/")
        position += 2
        var hunks: [Patch.Hunk] = []
        while position < lines.count, HunkHeader.isMarked(lines[position]) {
            let hunk = try readHunk()
            try checkOrder(hunk, after: hunks.last)
            hunks.append(hunk)
        }
        try checkRest()
        let patch = Patch(oldPath: oldPath, newPath: newPath, hunks: hunks)
        if oldPath == nil, hunks.contains(where: { $0.oldCount > 0 }) {
            throw PatchError(.malformed, "The patch creates a text (/dev/null) and yet expects lines in it.")
        }
        if newPath == nil, hunks.contains(where: { $0.newCount > 0 }) {
            throw PatchError(.malformed, "The patch removes the text (/dev/null) and yet leaves lines in it.")
        }
        return patch
    }

    private mutating func findFileHeader() throws(PatchError) {
        while position < lines.count, !isFileHeader(position) {
            if HunkHeader(lines[position]) != nil {
                throw PatchError(
                    .malformed, line: position + 1, "A hunk needs the two lines \"--- a/…\" and \"+++ b/…\" before it.")
            }
            position += 1
        }
        if position == lines.count {
            throw PatchError(
                .notAPatch, "This is no unified diff: there is no \"--- a/…\", \"+++ b/…\" and \"@@ -1,3 +1,3 @@\".")
        }
    }

    private func isFileHeader(_ index: Int) -> Bool {
        index + 2 < lines.count && lines[index].starts(with: "--- ".utf8) && lines[index + 1].starts(with: "+++ ".utf8)
            && HunkHeader.isMarked(lines[index + 2])
    }

    /// The path ends at a tab, behind which some tools write the time.
    private static func path(_ line: TextLine, prefix: String) -> String? {
        let bytes = line.dropFirst(4).prefix { $0 != UInt8(ascii: "\t") && $0 != 0x0A && $0 != 0x0D }
        let path = String(decoding: bytes, as: UTF8.self)
        if path == "/dev/null" { return nil }
        return path.hasPrefix(prefix) ? String(path.dropFirst(prefix.count)) : path
    }

    private mutating func readHunk() throws(PatchError) -> Patch.Hunk {
        guard let header = HunkHeader(lines[position]) else {
            throw PatchError(
                .malformed, line: position + 1,
                "A hunk begins with \"@@ -start,count +start,count @@\" in whole numbers.")
        }
        var body = HunkBody(lines: lines, start: position + 1)
        do {
            try body.read(header)
            try checkEnd(at: body.end)
        } catch {
            guard repairsCounts else { throw error }
            body = HunkBody(lines: lines, start: position + 1)
            try body.readAll(until: isFileHeader)
        }
        position = body.end
        return Patch.Hunk(oldStart: header.oldStart, newStart: header.newStart, lines: body.content)
    }

    /// A line that looks like one more of the hunk says that the header's counts are wrong.
    private func checkEnd(at index: Int) throws(PatchError) {
        guard index < lines.count, !isFileHeader(index), !HunkBody.isSignature(lines[index]),
            Patch.LineKind(mark: lines[index].first) != nil
        else { return }
        throw PatchError(
            .malformed, line: index + 1,
            "The hunk has more lines than its header says; correct the counts, or let them be repaired.")
    }

    /// Repaired counts make hunks longer than their headers know, so that only their starts can be compared.
    private func checkOrder(_ hunk: Patch.Hunk, after last: Patch.Hunk?) throws(PatchError) {
        guard let last, hunk.oldIndex < last.oldIndex + (repairsCounts ? 0 : last.oldCount) else { return }
        throw PatchError(
            .malformed, "The hunk at line \(hunk.oldStart) must come after the one before it and not overlap it.")
    }

    private func checkRest() throws(PatchError) {
        for index in position..<lines.count {
            if isFileHeader(index) {
                throw PatchError(
                    .malformed, line: index + 1, "The patch changes a second text; apply one text's patch at a time.")
            }
            if HunkHeader(lines[index]) != nil {
                throw PatchError(
                    .malformed, line: index + 1, "The hunk is cut off from the others by text that is no patch.")
            }
        }
    }
}

extension Patch {
    /// With `repairingCounts`, the counts in the headers of hunks are taken from the hunks themselves: models
    /// rarely count well.
    package init(parsing text: String, repairingCounts: Bool = false) throws(PatchError) {
        try self.init(parsing: Array(text.utf8), repairingCounts: repairingCounts)
    }

    /// For patches that may not be valid UTF-8.
    package init(parsing bytes: [UInt8], repairingCounts: Bool = false) throws(PatchError) {
        var parser = PatchParser(bytes, repairingCounts: repairingCounts)
        self = try parser.parse()
    }
}
