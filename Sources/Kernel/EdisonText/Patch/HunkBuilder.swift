/// Gathers the changes of a diff into hunks: each with its context, those whose contexts meet in one.
///
/// Changes that a rule ignores are written where they fall within a hunk, so that the hunk still applies, and are
/// otherwise left out. They are no context: a hunk shows the full number of unchanged lines beside them.
struct HunkBuilder {
    let diff: LineDiff
    let context: Int

    private struct Window {
        var old: Range<Int>
        var new: Range<Int>
        var changes: ClosedRange<Int>
    }

    var hunks: [Patch.Hunk] {
        var windows: [Window] = []
        for index in diff.changes.indices where !diff.isIgnored(diff.changes[index]) {
            let window = window(around: index)
            if let last = windows.last, window.old.lowerBound <= last.old.upperBound,
                window.new.lowerBound <= last.new.upperBound
            {
                windows[windows.count - 1] = Window(
                    old: last.old.lowerBound..<window.old.upperBound, new: last.new.lowerBound..<window.new.upperBound,
                    changes: last.changes.lowerBound...window.changes.upperBound)
            } else {
                windows.append(window)
            }
        }
        return windows.map(hunk)
    }

    private func window(around index: Int) -> Window {
        let changes = diff.changes
        var (first, before) = (index, context)
        var gap = changes[first].old.lowerBound - (first > 0 ? changes[first - 1].old.upperBound : 0)
        while gap < before, first > 0 {
            before -= gap
            first -= 1
            gap = changes[first].old.lowerBound - (first > 0 ? changes[first - 1].old.upperBound : 0)
        }
        before = min(before, gap)
        var (last, after) = (index, context)
        gap = start(after: last) - changes[last].old.upperBound
        while gap < after, last + 1 < changes.count {
            after -= gap
            last += 1
            gap = start(after: last) - changes[last].old.upperBound
        }
        after = min(after, gap)
        return Window(
            old: (changes[first].old.lowerBound - before)..<(changes[last].old.upperBound + after),
            new: (changes[first].new.lowerBound - before)..<(changes[last].new.upperBound + after),
            changes: first...last)
    }

    /// Where the change after this one begins, or the text ends.
    private func start(after index: Int) -> Int {
        index + 1 < diff.changes.count ? diff.changes[index + 1].old.lowerBound : diff.old.count
    }

    private func hunk(_ window: Window) -> Patch.Hunk {
        var lines: [Patch.Line] = []
        var place = window.new.lowerBound
        for change in diff.changes[window.changes] {
            lines += diff.new[place..<change.new.lowerBound].map { Patch.Line(.context, $0) }
            lines += diff.old[change.old].map { Patch.Line(.delete, $0) }
            lines += diff.new[change.new].map { Patch.Line(.insert, $0) }
            place = change.new.upperBound
        }
        lines += diff.new[place..<window.new.upperBound].map { Patch.Line(.context, $0) }
        return Patch.Hunk(
            oldStart: window.old.isEmpty ? window.old.lowerBound : window.old.lowerBound + 1,
            newStart: window.new.isEmpty ? window.new.lowerBound : window.new.lowerBound + 1, lines: lines)
    }
}
