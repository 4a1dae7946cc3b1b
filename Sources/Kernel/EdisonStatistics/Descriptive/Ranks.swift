/// Ranks from 1, ties sharing the mean of their places, and the sizes of the groups of ties.
package struct Ranks: Sendable {
    package private(set) var values: [Double]
    /// How many values share each distinct value, in ascending order of the value.
    package private(set) var groups: [Int] = []

    package init(_ sample: [Double]) {
        let order = sample.indices.sorted { sample[$0] < sample[$1] }
        values = Array(repeating: 0, count: sample.count)
        var start = 0
        while start < order.count {
            var end = start + 1
            while end < order.count, sample[order[end]] == sample[order[start]] { end += 1 }
            let rank = Double(start + 1 + end) / 2
            for place in start..<end { values[order[place]] = rank }
            groups.append(end - start)
            start = end
        }
    }

    package var hasTies: Bool { groups.contains { $0 > 1 } }

    /// Σ(t³ − t) over the groups of ties, by which rank variances shrink.
    package var tieSum: Double {
        groups.reduce(0) { sum, size in
            let size = Double(size)
            return sum + (size * size * size - size)
        }
    }
}
