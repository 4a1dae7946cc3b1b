/// The pieces of the line [0, 2⁵³) that each arm of a running test owns.
///
/// Changing the weights moves only the surplus, which is the least possible (the total variation distance); dividing
/// the line anew would move up to twice as many units.
package struct TrafficSegments: Sendable, Hashable {
    /// Per arm, in order of position; touching pieces are one.
    package private(set) var pieces: [[Range<UInt64>]]

    /// The launch: one segment for each arm.
    package init(_ split: TrafficSplit) {
        var start: UInt64 = 0
        pieces = split.ends.map { end in
            defer { start = end }
            return start < end ? [start..<end] : []
        }
    }

    /// Gives the surplus of arms above their new size to arms below it.
    ///
    /// - Parameter split: may have more arms than before, never fewer.
    /// - Returns: how much of the line changed hands; nil, and no change, when an arm is missing.
    @discardableResult
    package mutating func reallocate(to split: TrafficSplit) -> UInt64? {
        guard split.ends.count >= pieces.count else { return nil }
        let targets = split.sizes
        pieces += Array(repeating: [], count: targets.count - pieces.count)
        var freed: [Range<UInt64>] = []
        for arm in pieces.indices {
            var surplus = Self.size(pieces[arm])
            surplus = surplus > targets[arm] ? surplus - targets[arm] : 0
            while surplus > 0, let last = pieces[arm].popLast() {
                let size = min(surplus, last.upperBound - last.lowerBound)
                let cut = last.upperBound - size
                freed.append(cut..<last.upperBound)
                if cut > last.lowerBound { pieces[arm].append(last.lowerBound..<cut) }
                surplus -= size
            }
        }
        let moved = Self.size(freed)
        freed.sort { $0.lowerBound > $1.lowerBound }
        for arm in pieces.indices {
            var missing = targets[arm] - min(targets[arm], Self.size(pieces[arm]))
            while missing > 0, let first = freed.popLast() {
                let size = min(missing, first.upperBound - first.lowerBound)
                let cut = first.lowerBound + size
                pieces[arm].append(first.lowerBound..<cut)
                if cut < first.upperBound { freed.append(cut..<first.upperBound) }
                missing -= size
            }
            pieces[arm] = Self.merged(pieces[arm])
        }
        return moved
    }

    /// The arm that owns a point below 2⁵³.
    package func arm(at point: UInt64) -> Int? {
        pieces.firstIndex { $0.contains { $0.contains(point) } }
    }

    private static func size(_ pieces: [Range<UInt64>]) -> UInt64 {
        pieces.reduce(0) { $0 + ($1.upperBound - $1.lowerBound) }
    }

    private static func merged(_ pieces: [Range<UInt64>]) -> [Range<UInt64>] {
        pieces.sorted { $0.lowerBound < $1.lowerBound }.reduce(into: []) { result, piece in
            if let last = result.last, last.upperBound == piece.lowerBound {
                result[result.count - 1] = last.lowerBound..<piece.upperBound
            } else {
                result.append(piece)
            }
        }
    }
}

extension TrafficSplit {
    /// How much of the line would change hands if it were divided anew, for comparison with ``TrafficSegments``.
    package func moved(to other: TrafficSplit) -> UInt64 {
        var kept: UInt64 = 0
        for arm in 0..<min(ends.count, other.ends.count) {
            let start = max(arm == 0 ? 0 : ends[arm - 1], arm == 0 ? 0 : other.ends[arm - 1])
            let end = min(ends[arm], other.ends[arm])
            if end > start { kept += end - start }
        }
        return Self.length - kept
    }
}
