/// The shortest edit script between two sequences: E. W. Myers, "An O(ND) Difference Algorithm and Its Variations"
/// (Algorithmica 1, 1986), in its linear-space form, after a common head and tail are set aside.
enum Myers {
    /// Which elements of `old` are deleted and which of `new` are inserted; all others are common, in order.
    ///
    /// What occurs on one side only cannot be common: it is settled before the search, so that two texts which share
    /// nothing cost no more than reading them.
    static func changes(_ old: [Int], _ new: [Int]) -> (deleted: [Bool], inserted: [Bool]) {
        let (known, wanted) = (Set(old), Set(new))
        let oldPlaces = old.indices.filter { wanted.contains(old[$0]) }
        let newPlaces = new.indices.filter { known.contains(new[$0]) }
        var machine = Machine(old: oldPlaces.map { old[$0] }, new: newPlaces.map { new[$0] })
        machine.compare(0, oldPlaces.count, 0, newPlaces.count)
        var deleted = Array(repeating: true, count: old.count)
        var inserted = Array(repeating: true, count: new.count)
        for (place, isDeleted) in zip(oldPlaces, machine.deleted) { deleted[place] = isDeleted }
        for (place, isInserted) in zip(newPlaces, machine.inserted) { inserted[place] = isInserted }
        return (deleted, inserted)
    }

    private struct Machine {
        let old: [Int]
        let new: [Int]
        var deleted: [Bool]
        var inserted: [Bool]
        private var forward: [Int]
        private var backward: [Int]
        private let middle: Int

        init(old: [Int], new: [Int]) {
            self.old = old
            self.new = new
            deleted = Array(repeating: false, count: old.count)
            inserted = Array(repeating: false, count: new.count)
            middle = old.count + new.count + 2
            forward = Array(repeating: 0, count: 2 * middle + 1)
            backward = forward
        }

        mutating func compare(_ oldStart: Int, _ oldEnd: Int, _ newStart: Int, _ newEnd: Int) {
            var (oldStart, oldEnd, newStart, newEnd) = (oldStart, oldEnd, newStart, newEnd)
            while oldStart < oldEnd, newStart < newEnd, old[oldStart] == new[newStart] {
                oldStart += 1
                newStart += 1
            }
            while oldStart < oldEnd, newStart < newEnd, old[oldEnd - 1] == new[newEnd - 1] {
                oldEnd -= 1
                newEnd -= 1
            }
            if oldStart == oldEnd {
                for index in newStart..<newEnd { inserted[index] = true }
            } else if newStart == newEnd {
                for index in oldStart..<oldEnd { deleted[index] = true }
            } else {
                let (x, y) = split(oldStart, oldEnd, newStart, newEnd)
                compare(oldStart, x, newStart, y)
                compare(x, oldEnd, y, newEnd)
            }
        }

        /// A point on a shortest path, found from both ends at once.
        private mutating func split(_ oldStart: Int, _ oldEnd: Int, _ newStart: Int, _ newEnd: Int) -> (Int, Int) {
            let minDiagonal = oldStart - newEnd
            let maxDiagonal = oldEnd - newStart
            let forwardMiddle = oldStart - newStart
            let backwardMiddle = oldEnd - newEnd
            let isOdd = (forwardMiddle - backwardMiddle) & 1 != 0
            var (forwardMin, forwardMax) = (forwardMiddle, forwardMiddle)
            var (backwardMin, backwardMax) = (backwardMiddle, backwardMiddle)
            forward[forwardMiddle + middle] = oldStart
            backward[backwardMiddle + middle] = oldEnd
            while true {
                widen(&forwardMin, &forwardMax, minDiagonal, maxDiagonal, edge: -1, in: &forward)
                for diagonal in stride(from: forwardMax, through: forwardMin, by: -2) {
                    let below = forward[diagonal - 1 + middle]
                    let above = forward[diagonal + 1 + middle]
                    var x = below >= above ? below + 1 : above
                    var y = x - diagonal
                    while x < oldEnd, y < newEnd, old[x] == new[y] {
                        x += 1
                        y += 1
                    }
                    forward[diagonal + middle] = x
                    if isOdd, backwardMin <= diagonal, diagonal <= backwardMax, backward[diagonal + middle] <= x {
                        return (x, y)
                    }
                }
                widen(&backwardMin, &backwardMax, minDiagonal, maxDiagonal, edge: Int.max, in: &backward)
                for diagonal in stride(from: backwardMax, through: backwardMin, by: -2) {
                    let below = backward[diagonal - 1 + middle]
                    let above = backward[diagonal + 1 + middle]
                    var x = below < above ? below : above - 1
                    var y = x - diagonal
                    while x > oldStart, y > newStart, old[x - 1] == new[y - 1] {
                        x -= 1
                        y -= 1
                    }
                    backward[diagonal + middle] = x
                    if !isOdd, forwardMin <= diagonal, diagonal <= forwardMax, x <= forward[diagonal + middle] {
                        return (x, y)
                    }
                }
            }
        }

        /// One more step: the band of diagonals grows by one at each side, or shrinks at the borders.
        private func widen(
            _ low: inout Int, _ high: inout Int, _ least: Int, _ most: Int, edge: Int, in row: inout [Int]
        ) {
            if low > least {
                low -= 1
                row[low - 1 + middle] = edge
            } else {
                low += 1
            }
            if high < most {
                high += 1
                row[high + 1 + middle] = edge
            } else {
                high -= 1
            }
        }
    }
}
