/// A stretch of a merged text.
enum MergeRegion: Hashable, Sendable {
    /// As in the base, or changed in the same way on both sides.
    case common([TextLine])
    /// Changed on one side only.
    case changed([TextLine])
    case conflict(MergeConflict)

    var isConflict: Bool {
        if case .conflict = self { true } else { false }
    }
}

/// A stretch that both sides changed differently.
struct MergeConflict: Hashable, Sendable {
    /// What stood there; empty in a part of a conflict that came apart.
    var base: [TextLine] = []
    let ours: Side
    let theirs: Side

    struct Side: Hashable, Sendable {
        /// The place of the lines in the side's text.
        let start: Int
        let lines: [TextLine]
    }
}

/// Lays two edit scripts of one base over each other.
struct MergeRegions {
    private let base: [TextLine]
    private let ours: Side
    private let theirs: Side

    private struct Side {
        let lines: [TextLine]
        let changes: [EditScript.Change]
    }

    init(base: [TextLine], ours: [TextLine], theirs: [TextLine]) {
        self.base = base
        self.ours = Side(lines: ours, changes: EditScript(base, ours).changes)
        self.theirs = Side(lines: theirs, changes: EditScript(base, theirs).changes)
    }

    /// Changes of the two sides that overlap or touch belong together: with no common line between them, nobody can
    /// say in which order they go.
    var regions: [MergeRegion] {
        var regions: [MergeRegion] = []
        var place = 0
        var (i, j) = (0, 0)
        while true {
            let starts = [Self.start(ours, i), Self.start(theirs, j)].compactMap { $0 }
            guard let start = starts.min() else { break }
            var end = start
            let (firstOurs, firstTheirs) = (i, j)
            while true {
                if let next = Self.start(ours, i), next <= end {
                    end = max(end, ours.changes[i].old.upperBound)
                    i += 1
                } else if let next = Self.start(theirs, j), next <= end {
                    end = max(end, theirs.changes[j].old.upperBound)
                    j += 1
                } else {
                    break
                }
            }
            if place < start { regions.append(.common(Array(base[place..<start]))) }
            regions.append(region(start..<end, ours: firstOurs..<i, theirs: firstTheirs..<j))
            place = end
        }
        if place < base.count { regions.append(.common(Array(base[place...]))) }
        return regions
    }

    private static func start(_ side: Side, _ index: Int) -> Int? {
        index < side.changes.count ? side.changes[index].old.lowerBound : nil
    }

    private func region(_ range: Range<Int>, ours own: Range<Int>, theirs other: Range<Int>) -> MergeRegion {
        let (mine, yours) = (Self.part(ours, range, own), Self.part(theirs, range, other))
        if other.isEmpty { return .changed(mine.lines) }
        if own.isEmpty { return .changed(yours.lines) }
        guard mine.lines == yours.lines else {
            return .conflict(MergeConflict(base: Array(base[range]), ours: mine, theirs: yours))
        }
        return own.count == 1 && other.count == 1 ? .common(mine.lines) : .changed(mine.lines)
    }

    /// What a side has in place of the base's range; `changes` are its changes in there.
    private static func part(_ side: Side, _ range: Range<Int>, _ changes: Range<Int>) -> MergeConflict.Side {
        guard let first = side.changes[changes].first, let last = side.changes[changes].last else {
            return MergeConflict.Side(start: 0, lines: [])
        }
        let start = first.new.lowerBound - (first.old.lowerBound - range.lowerBound)
        let end = last.new.upperBound + (range.upperBound - last.old.upperBound)
        return MergeConflict.Side(start: start, lines: Array(side.lines[start..<end]))
    }
}
