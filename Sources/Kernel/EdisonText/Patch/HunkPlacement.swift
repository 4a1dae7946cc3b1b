/// Finds where a hunk belongs in a text that may have moved on since the patch was made.
struct HunkPlacement {
    /// The text's lines as the rule compares them.
    let base: [TextLine]
    let options: PatchOptions

    /// The text's lines that the hunk's lines stand for; context given up for fuzz is not among them.
    struct Match {
        let start: Int
        /// The hunk's lines that take part: less than all when context was given up.
        let lines: ArraySlice<Patch.Line>
        /// The context lines given up at the end, which no later hunk may touch.
        let trailing: Int
    }

    /// Strict first, at the line that the header names and outwards from it; then with ever more fuzz.
    ///
    /// - Parameter drift: how far the hunk before was from where its header said. Strict placement does without, as
    ///   git does; fuzzy placement follows it, as GNU patch does.
    func find(_ hunk: Patch.Hunk, from cursor: Int, drift: Int) -> Match? {
        let leading = hunk.lines.prefix { $0.kind == .context }.count
        let trailing = hunk.lines.reversed().prefix { $0.kind == .context }.count
        let strict = Search(
            leading: 0, trailing: 0,
            atStart: hunk.oldStart == 0 || hunk.oldStart == 1 && !options.allowsZeroContext,
            atEnd: trailing == 0 && !options.allowsZeroContext)
        if let match = match(hunk, strict, from: cursor, near: hunk.oldIndex) { return match }
        let context = max(leading, trailing)
        guard options.fuzz > 0, context > 0, leading < hunk.lines.count else { return nil }
        for fuzz in 0...min(options.fuzz, context) {
            let (atLeading, atTrailing) = (fuzz + leading - context, fuzz + trailing - context)
            let search = Search(
                leading: max(0, atLeading), trailing: max(0, atTrailing),
                atStart: atLeading < 0 && hunk.oldStart <= 1, atEnd: atTrailing < 0)
            if let match = match(hunk, search, from: cursor, near: hunk.oldIndex + drift) { return match }
        }
        return nil
    }

    /// What one attempt demands: the context lines it gives up, and the ends of the text it is bound to. A hunk with
    /// less context at one end than at the other was made there.
    private struct Search {
        let leading: Int
        let trailing: Int
        let atStart: Bool
        let atEnd: Bool
    }

    private func match(_ hunk: Patch.Hunk, _ search: Search, from cursor: Int, near guess: Int) -> Match? {
        let lines = hunk.lines.dropFirst(search.leading).dropLast(search.trailing)
        let wanted = lines.filter { $0.kind != .insert }.map { options.ignoring.key($0.content) }
        let least = search.atStart ? 0 : cursor + search.leading
        let most = search.atStart ? 0 : base.count - wanted.count
        let endsText = search.atEnd || Self.endsText(hunk)
        let first = endsText ? base.count - wanted.count : least
        guard wanted.count <= base.count, first >= max(least, cursor), first <= most else { return nil }
        let place = Places(first...most, near: guess + search.leading).first { place in
            base[place..<(place + wanted.count)].elementsEqual(wanted)
        }
        return place.map { Match(start: $0, lines: lines, trailing: search.trailing) }
    }

    /// The new text's last line lacks its ending: nothing may follow it.
    private static func endsText(_ hunk: Patch.Hunk) -> Bool {
        hunk.lines.contains { $0.kind != .delete && $0.content.last != TextLines.lineFeed }
    }
}

/// The numbers of a range, the nearest to a guess first, of two equally near ones the larger.
struct Places: Sequence, IteratorProtocol {
    private let range: ClosedRange<Int>
    private var above: Int
    private var below: Int
    private let guess: Int

    init(_ range: ClosedRange<Int>, near guess: Int) {
        self.range = range
        self.guess = Swift.min(Swift.max(guess, range.lowerBound), range.upperBound)
        above = self.guess
        below = self.guess - 1
    }

    mutating func next() -> Int? {
        let canRise = above <= range.upperBound
        guard canRise || below >= range.lowerBound else { return nil }
        if canRise, above - guess <= guess - below || below < range.lowerBound {
            above += 1
            return above - 1
        }
        below -= 1
        return below + 1
    }
}
