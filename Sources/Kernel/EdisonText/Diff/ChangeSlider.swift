/// Chooses among scripts of one length. Where a line is added to equal ones, or taken from them, it is open which of
/// them it was, and the search takes any.
///
/// A lone insertion or deletion joins the change below that it can reach, else the one above, else it goes as far down
/// as it can. That reads as people write (a new paragraph after the old one), gives the fewest hunks, and lets the two
/// sides of a merge name the same place.
struct ChangeSlider {
    let old: [Int]
    let new: [Int]

    private typealias Change = EditScript.Change

    func settled(_ changes: [EditScript.Change]) -> [EditScript.Change] {
        var changes = changes
        var count: Int
        repeat {
            count = changes.count
            changes = raised(lowered(changes))
        } while changes.count < count
        return changes
    }

    private func lowered(_ changes: [Change]) -> [Change] {
        var settled: [Change] = []
        for change in changes.reversed() {
            var change = change
            while change.old.isEmpty != change.new.isEmpty {
                if let next = settled.last, next.old.lowerBound == change.old.upperBound {
                    change = joined(change, next)
                    settled.removeLast()
                } else if canMove(change, by: 1) {
                    change = moved(change, by: 1)
                } else {
                    break
                }
            }
            settled.append(change)
        }
        return settled.reversed()
    }

    private func raised(_ changes: [Change]) -> [Change] {
        var settled: [Change] = []
        for change in changes {
            guard let last = settled.last, change.old.isEmpty != change.new.isEmpty else {
                settled.append(change)
                continue
            }
            var higher = change
            while higher.old.lowerBound > last.old.upperBound, canMove(higher, by: -1) {
                higher = moved(higher, by: -1)
            }
            if higher.old.lowerBound == last.old.upperBound {
                settled[settled.count - 1] = joined(last, higher)
            } else {
                settled.append(change)
            }
        }
        return settled
    }

    /// Whether the line that the change would give up equals the one it would take.
    private func canMove(_ change: Change, by step: Int) -> Bool {
        let (elements, range) = change.old.isEmpty ? (new, change.new) : (old, change.old)
        let (first, last) =
            step > 0 ? (range.lowerBound, range.upperBound) : (range.lowerBound - 1, range.upperBound - 1)
        return first >= 0 && last < elements.count && elements[first] == elements[last]
    }

    private func moved(_ change: Change, by step: Int) -> Change {
        Change(
            old: (change.old.lowerBound + step)..<(change.old.upperBound + step),
            new: (change.new.lowerBound + step)..<(change.new.upperBound + step))
    }

    private func joined(_ first: Change, _ second: Change) -> Change {
        Change(
            old: first.old.lowerBound..<second.old.upperBound, new: first.new.lowerBound..<second.new.upperBound)
    }
}
