/// How the line [0, 2⁵³) is divided among the arms of a test: real-valued weights, no percent grid.
package struct TrafficSplit: Sendable, Hashable {
    /// The length of the line, 2⁵³.
    package static let length: UInt64 = 1 << 53

    /// Where each arm's segment ends; an arm of weight 0 ends where the one before it does and is never chosen.
    package let ends: [UInt64]

    /// - Parameter weights: non-negative, finite, with a positive finite sum; anything else gives nil.
    package init?(weights: [Double]) {
        guard weights.allSatisfy({ $0 >= 0 && $0.isFinite }) else { return nil }
        var total = 0.0
        let cumulated = weights.map { weight in
            total += weight
            return total
        }
        guard total > 0, total.isFinite else { return nil }
        ends = cumulated.map { UInt64(($0 / total * Double(Self.length)).rounded(.up)) }
    }

    /// The arm that owns a point below 2⁵³: the first whose segment ends behind it.
    package func arm(at point: UInt64) -> Int {
        var low = 0
        var high = ends.count - 1
        while low < high {
            let middle = (low + high) / 2
            if point < ends[middle] { high = middle } else { low = middle + 1 }
        }
        return low
    }

    /// The length of each arm's segment.
    package var sizes: [UInt64] {
        ends.indices.map { $0 == 0 ? ends[0] : ends[$0] - ends[$0 - 1] }
    }
}
