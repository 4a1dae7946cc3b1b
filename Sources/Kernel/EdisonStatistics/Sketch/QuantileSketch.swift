internal import Foundation

/// Quantiles of latencies, costs and token counts without keeping the values: DDSketch (Masson, Rim and Lee, VLDB
/// 2019).
///
/// Every quantile is within `relativeAccuracy` of the true order statistic, at any scale; merging adds buckets, so it
/// does not depend on the order. Buckets are sparse: 0.01 needs about 2,000 of them from nanoseconds to days.
package struct QuantileSketch: Sendable, Hashable {
    package let relativeAccuracy: Double
    package private(set) var count: UInt64 = 0
    package private(set) var zeros: UInt64 = 0
    /// Counts of positive and of negative values by bucket: bucket i holds magnitudes in (γ^(i−1), γ^i].
    package private(set) var positive: [Int: UInt64] = [:]
    package private(set) var negative: [Int: UInt64] = [:]
    package private(set) var min: Double?
    package private(set) var max: Double?
    private var total = CompensatedSum()

    /// ln γ with γ = (1 + α)/(1 − α).
    private var logGamma: Double { log1p(2 * relativeAccuracy / (1 - relativeAccuracy)) }

    /// - Parameter relativeAccuracy: between 0 and 1; other values are brought to the nearest usable one.
    package init(relativeAccuracy: Double = 0.01) {
        self.relativeAccuracy = Swift.min(Swift.max(relativeAccuracy.isNaN ? 0.01 : relativeAccuracy, 1e-6), 0.5)
    }

    package var sum: Double { total.value }

    /// Adds a value `times` times.
    ///
    /// - Returns: false, without adding, for NaN and infinity.
    @discardableResult
    package mutating func add(_ value: Double, times: UInt64 = 1) -> Bool {
        guard value.isFinite else { return false }
        guard times > 0 else { return true }
        if value == 0 {
            zeros += times
        } else {
            let bucket = Int((log(abs(value)) / logGamma).rounded(.up))
            if value > 0 { positive[bucket, default: 0] += times } else { negative[bucket, default: 0] += times }
        }
        count += times
        total.add(value * Double(times))
        min = Swift.min(min ?? value, value)
        max = Swift.max(max ?? value, value)
        return true
    }

    /// Adds what another sketch has seen.
    ///
    /// - Returns: false, without change, when the accuracies differ.
    @discardableResult
    package mutating func merge(_ other: QuantileSketch) -> Bool {
        guard other.relativeAccuracy == relativeAccuracy else { return false }
        positive.merge(other.positive, uniquingKeysWith: +)
        negative.merge(other.negative, uniquingKeysWith: +)
        zeros += other.zeros
        count += other.count
        total.add(other.total)
        if let low = other.min { min = Swift.min(min ?? low, low) }
        if let high = other.max { max = Swift.max(max ?? high, high) }
        return true
    }

    /// The value at rank ⌊q·(n − 1)⌋, within the relative accuracy; nil when empty or q is outside [0, 1].
    package func quantile(_ q: Double) -> Double? {
        quantiles([q])[0]
    }

    /// Several quantiles with one pass over the buckets' order.
    package func quantiles(_ levels: [Double]) -> [Double?] {
        guard count > 0, let min, let max else { return levels.map { _ in nil } }
        let below = negative.sorted { $0.key > $1.key }
        let above = positive.sorted { $0.key < $1.key }
        return levels.map { q in
            guard q >= 0, q <= 1 else { return nil }
            let rank = UInt64((q * Double(count - 1)).rounded(.down))
            if rank == 0 { return min }
            if rank >= count - 1 { return max }
            return Swift.min(Swift.max(value(at: rank, below, above), min), max)
        }
    }

    private func value(at rank: UInt64, _ below: [(key: Int, value: UInt64)], _ above: [(key: Int, value: UInt64)])
        -> Double
    {
        var seen: UInt64 = 0
        for bucket in below {
            seen += bucket.value
            if rank < seen { return -magnitude(bucket.key) }
        }
        seen += zeros
        if rank < seen { return 0 }
        for bucket in above {
            seen += bucket.value
            if rank < seen { return magnitude(bucket.key) }
        }
        return max ?? 0
    }

    /// The point of a bucket whose relative distance to both ends is α: 2γ^i/(γ + 1).
    private func magnitude(_ bucket: Int) -> Double {
        exp(Double(bucket) * logGamma) * (1 - relativeAccuracy)
    }
}
