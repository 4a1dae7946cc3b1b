/// All differences b − a between two samples, without storing them: order statistics by bisection over the bit
/// patterns of doubles, each step one walk along both sorted samples.
struct PairwiseDifferences {
    private let a: [Double]
    private let b: [Double]

    init(_ a: [Double], _ b: [Double]) {
        self.a = a.sorted()
        self.b = b.sorted()
    }

    var median: Double? {
        let count = a.count * b.count
        guard count > 0 else { return nil }
        let upper = smallest(count / 2 + 1)
        return count.isMultiple(of: 2) ? (smallest(count / 2) + upper) / 2 : upper
    }

    /// The k-th smallest difference, k from 1.
    private func smallest(_ k: Int) -> Double {
        var low = Self.key(-Double.greatestFiniteMagnitude)
        var high = Self.key(Double.greatestFiniteMagnitude)
        while low < high {
            let middle = low + (high - low) / 2
            if count(upTo: Self.value(middle)) >= k { high = middle } else { low = middle + 1 }
        }
        return Self.value(low) + 0
    }

    private func count(upTo limit: Double) -> Int {
        var total = 0
        var below = 0
        // As a grows, more of b lie within the limit.
        for value in a {
            while below < b.count, b[below] - value <= limit { below += 1 }
            total += below
        }
        return total
    }

    /// Orders doubles as unsigned integers.
    private static func key(_ value: Double) -> UInt64 {
        let bits = value.bitPattern
        return bits >> 63 == 0 ? bits | 1 << 63 : ~bits
    }

    private static func value(_ key: UInt64) -> Double {
        Double(bitPattern: key >> 63 == 1 ? key & ~(1 << 63) : ~key)
    }
}
