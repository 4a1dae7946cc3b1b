/// How often each item beat each other one; a tie is half a win for both.
package struct WinMatrix: Sendable, Hashable {
    package let count: Int
    /// Row by row: the wins of the row's item over the column's.
    package private(set) var wins: [Double]

    package init(count: Int) {
        self.count = count
        wins = Array(repeating: 0, count: count * count)
    }

    /// Nil unless square.
    package init?(rows: [[Double]]) {
        guard rows.allSatisfy({ $0.count == rows.count }) else { return nil }
        count = rows.count
        wins = rows.flatMap { $0 }
    }

    package subscript(winner: Int, loser: Int) -> Double {
        get { wins[winner * count + loser] }
        set { wins[winner * count + loser] = newValue }
    }

    package mutating func add(_ match: Match) {
        if match.isTie {
            self[match.winner, match.loser] += 0.5
            self[match.loser, match.winner] += 0.5
        } else {
            self[match.winner, match.loser] += 1
        }
    }

    /// Counts are finite and not negative, and nobody plays against itself.
    var isValid: Bool {
        wins.allSatisfy { $0 >= 0 && $0.isFinite } && (0..<count).allSatisfy { self[$0, $0] == 0 }
    }

    mutating func clear() {
        for index in wins.indices { wins[index] = 0 }
    }

    /// The strongly connected components of "beat or tied with": inside one, every item is linked to every other by
    /// wins both ways, so that strengths can be compared; across them they cannot (Ford 1957). Sorted.
    package var components: [[Int]] {
        let forward = (0..<count).map { item in (0..<count).filter { self[item, $0] > 0 } }
        let backward = (0..<count).map { item in (0..<count).filter { self[$0, item] > 0 } }
        var result: [[Int]] = []
        var isPlaced = Array(repeating: false, count: count)
        for item in 0..<count where !isPlaced[item] {
            let reached = Self.reached(from: item, forward)
            let reaching = Self.reached(from: item, backward)
            let members = (0..<count).filter { reached[$0] && reaching[$0] }
            for member in members { isPlaced[member] = true }
            result.append(members)
        }
        return result
    }

    private static func reached(from start: Int, _ edges: [[Int]]) -> [Bool] {
        var isReached = Array(repeating: false, count: edges.count)
        isReached[start] = true
        var open = [start]
        while let item = open.popLast() {
            for next in edges[item] where !isReached[next] {
                isReached[next] = true
                open.append(next)
            }
        }
        return isReached
    }
}

/// One verdict between two items of a ranking, by their indices.
package struct Match: Sendable, Hashable {
    package let winner: Int
    package let loser: Int
    package let isTie: Bool

    package init(winner: Int, loser: Int, isTie: Bool = false) {
        self.winner = winner
        self.loser = loser
        self.isTie = isTie
    }
}
