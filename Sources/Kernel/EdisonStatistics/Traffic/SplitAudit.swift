/// Whether a split hands out its shares evenly, and whether two tests split independently of each other.
package struct SplitAudit: Sendable {
    /// Units per arm.
    package let counts: [Int]
    /// Of the χ² test against the weights; arms of weight 0 are left out. Nil with one arm left.
    package let p: Double?

    /// - Parameter points: the places of the units, see ``UnitHash/point``.
    package init?(points: some Sequence<UInt64>, weights: [Double]) {
        guard let split = TrafficSplit(weights: weights) else { return nil }
        var counts = weights.map { _ in 0 }
        for point in points { counts[split.arm(at: point)] += 1 }
        self.counts = counts
        let total = weights.reduce(0, +)
        let units = Double(counts.reduce(0, +))
        var statistic = 0.0
        var arms = 0.0
        for (count, weight) in zip(counts, weights) where weight > 0 {
            let expected = units * weight / total
            if expected > 0 { statistic += (Double(count) - expected) * (Double(count) - expected) / expected }
            arms += 1
        }
        p = arms > 1 && units > 0 ? ChiSquared(df: arms - 1).sf(statistic) : nil
    }

    /// The p-value of Pearson's χ² test of independence, without Yates' correction, which makes the test of two by two
    /// timid; empty rows and columns are left out. Nil unless two rows and two columns remain.
    package static func independence(_ table: [[Int]]) -> Double? {
        let rows = table.filter { row in row.contains { $0 > 0 } }
        let width = rows.map(\.count).min() ?? 0
        let columns = (0..<width).filter { column in rows.contains { $0[column] > 0 } }
        guard rows.count > 1, columns.count > 1 else { return nil }
        let rowSums = rows.map { row in columns.reduce(0.0) { $0 + Double(row[$1]) } }
        let columnSums = columns.map { column in rows.reduce(0.0) { $0 + Double($1[column]) } }
        let total = rowSums.reduce(0, +)
        let df = Double((rows.count - 1) * (columns.count - 1))
        var statistic = 0.0
        for (row, rowSum) in zip(rows, rowSums) {
            for (column, columnSum) in zip(columns, columnSums) {
                let expected = rowSum * columnSum / total
                let gap = Double(row[column]) - expected
                statistic += gap * gap / expected
            }
        }
        return ChiSquared(df: df).sf(statistic)
    }
}
