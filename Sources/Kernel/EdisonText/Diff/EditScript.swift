/// The places where two sequences differ, in order, with at least one common element between any two.
struct EditScript: Sendable {
    /// The elements `old` are replaced by `new`; one of the two may be empty.
    struct Change: Hashable, Sendable {
        var old: Range<Int>
        var new: Range<Int>
    }

    let changes: [Change]

    init(_ old: [Int], _ new: [Int]) {
        let (deleted, inserted) = Myers.changes(old, new)
        var changes: [Change] = []
        var (i, j) = (0, 0)
        while i < old.count || j < new.count {
            let (oldStart, newStart) = (i, j)
            while i < old.count, deleted[i] { i += 1 }
            while j < new.count, inserted[j] { j += 1 }
            if i > oldStart || j > newStart { changes.append(Change(old: oldStart..<i, new: newStart..<j)) }
            i += 1
            j += 1
        }
        self.changes = ChangeSlider(old: old, new: new).settled(changes)
    }

    /// Compares lines by what the rule makes of them.
    init(_ old: [TextLine], _ new: [TextLine], ignoring rule: WhiteSpaceRule = .none) {
        var numbers: [TextLine: Int] = [:]
        let numbered = [old, new].map { lines in
            lines.map { line in
                let key = rule.key(line)
                if let number = numbers[key] { return number }
                numbers[key] = numbers.count
                return numbers.count - 1
            }
        }
        self.init(numbered[0], numbered[1])
    }
}
