/// Which resamples are drawn.
///
/// Random ones come in chunks of a fixed size, each with its own substream, so that the result depends on the seed
/// alone and not on how many threads share the work.
package enum ResamplePlan: Sendable {
    case random(resamples: Int, seed: UInt64)
    /// Each list is one resample; used to repeat another program's draws.
    case given([[Int]])

    private static let chunk = 256

    package static func standard(seed: UInt64) -> ResamplePlan { .random(resamples: 10_000, seed: seed) }

    package var count: Int {
        switch self {
        case .random(let resamples, _): max(0, resamples)
        case .given(let lists): lists.count
        }
    }

    /// Whether every given list draws as many items as there are, and only such.
    func isValid(items: Int) -> Bool {
        switch self {
        case .random(let resamples, _): resamples >= 1
        case .given(let lists):
            !lists.isEmpty && lists.allSatisfy { $0.count == items && $0.allSatisfy { 0..<items ~= $0 } }
        }
    }

    /// Evaluates a statistic on every resample, in order.
    func replicates<Statistic: ResampledStatistic>(_ statistic: Statistic) -> [Statistic.Value] {
        var statistic = statistic
        var result: [Statistic.Value] = []
        result.reserveCapacity(count)
        switch self {
        case .given(let lists):
            for list in lists {
                var source = GivenIndices(list)
                result.append(statistic.replicate(from: &source))
            }
        case .random(let resamples, let seed):
            var seeds = SplitMix64(seed: seed)
            var left = resamples
            // Two chunks side by side: each draw waits for the one before it of its own stream only.
            while left > Self.chunk {
                var first = RandomIndices(seed: seeds.next())
                var second = RandomIndices(seed: seeds.next())
                let shared = min(left - Self.chunk, Self.chunk)
                var later: [Statistic.Value] = []
                later.reserveCapacity(shared)
                for _ in 0..<shared {
                    let (one, other) = statistic.replicates(from: &first, &second)
                    result.append(one)
                    later.append(other)
                }
                for _ in shared..<Self.chunk { result.append(statistic.replicate(from: &first)) }
                result += later
                left -= Self.chunk + shared
            }
            if left > 0 {
                var source = RandomIndices(seed: seeds.next())
                for _ in 0..<left { result.append(statistic.replicate(from: &source)) }
            }
        }
        return result
    }
}

/// A statistic that can be evaluated on one resample; it may keep scratch space between them.
protocol ResampledStatistic {
    associatedtype Value
    mutating func replicate(from source: inout some IndexSource) -> Value
    /// One of each stream, the same as one after the other.
    mutating func replicates(from first: inout some IndexSource, _ second: inout some IndexSource) -> (Value, Value)
}

extension ResampledStatistic {
    mutating func replicates(from first: inout some IndexSource, _ second: inout some IndexSource) -> (Value, Value) {
        (replicate(from: &first), replicate(from: &second))
    }
}
