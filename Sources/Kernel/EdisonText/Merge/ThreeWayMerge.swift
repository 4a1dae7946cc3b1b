/// The merge of two texts that were made from one: what one side changed is taken, what both changed differently is a
/// conflict that a person decides.
///
/// Lines are merged, by their bytes. Changes conflict when they overlap and also when they touch.
package struct ThreeWayMerge: Sendable {
    let regions: [MergeRegion]
    let refined: [MergeRegion]
    private let base: [TextLine]
    private let ours: [TextLine]
    private let theirs: [TextLine]

    /// One side's answer to a conflict, or both, ours first.
    package enum Resolution: String, Sendable, CaseIterable { case ours, theirs, union }

    /// A place where the sides disagree, with what stood there before.
    package struct Conflict: Sendable {
        package let base: String
        package let ours: String
        package let theirs: String
    }

    package init(base: String, ours: String, theirs: String) throws(MergeError) {
        try self.init(base: Array(base.utf8), ours: Array(ours.utf8), theirs: Array(theirs.utf8))
    }

    /// For texts that may not be valid UTF-8.
    package init(base: [UInt8], ours: [UInt8], theirs: [UInt8]) throws(MergeError) {
        for (side, bytes) in [("base", base), ("ours", ours), ("theirs", theirs)] where TextLines.isBinary(bytes) {
            throw .binary(side: side)
        }
        self.base = TextLines.split(base)
        self.ours = TextLines.split(ours)
        self.theirs = TextLines.split(theirs)
        regions = MergeRegions(base: self.base, ours: self.ours, theirs: self.theirs).regions
        refined = ConflictRefinement.refined(regions)
    }

    package var isClean: Bool { conflictCount == 0 }

    /// Conflicts as ``marked(_:labels:)`` shows them: each as small as it can be read.
    package var conflictCount: Int { refined.count(where: \.isConflict) }

    /// Conflicts as whole places of the base; there may be fewer than ``conflictCount``, as one can come apart.
    package var conflicts: [Conflict] {
        regions.compactMap { region in
            guard case .conflict(let conflict) = region else { return nil }
            return Conflict(
                base: Self.text(conflict.base), ours: Self.text(conflict.ours.lines),
                theirs: Self.text(conflict.theirs.lines))
        }
    }

    /// The merged text; nil when there are conflicts.
    package var cleanText: String? { isClean ? text(resolving: .ours) : nil }

    /// The merged text with every conflict decided in the same way.
    package func text(resolving resolution: Resolution) -> String {
        String(decoding: bytes(resolving: resolution), as: UTF8.self)
    }

    /// What lines that the merge adds end with: CRLF where the line before the conflict does on both sides, or the first
    /// line where there is none, and the base begins so.
    func lineEnding(at conflict: MergeConflict) -> String {
        let endings = [
            Self.endsInCRLF(ours, conflict.ours.start - 1), Self.endsInCRLF(theirs, conflict.theirs.start - 1),
            Self.endsInCRLF(base, 0) ?? false,
        ]
        return endings.contains(false) ? "\n" : "\r\n"
    }

    /// Nil when there is no complete line to tell from.
    private static func endsInCRLF(_ lines: [TextLine], _ index: Int) -> Bool? {
        let complete = lines.last?.last == TextLines.lineFeed ? lines[...] : lines.dropLast()
        guard !complete.isEmpty else { return nil }
        return complete[min(max(0, index), complete.count - 1)].suffix(2).elementsEqual("\r\n".utf8)
    }

    private static func text(_ lines: [TextLine]) -> String { String(decoding: Array(lines.joined()), as: UTF8.self) }
}

/// Why texts cannot be merged at all.
package enum MergeError: Error, Hashable, Sendable, CustomStringConvertible {
    /// One of the texts holds a NUL.
    case binary(side: String)

    package var description: String {
        switch self {
        case .binary(let side): "\"\(side)\" is binary (it holds a NUL) and cannot be merged by lines; choose one side."
        }
    }
}
