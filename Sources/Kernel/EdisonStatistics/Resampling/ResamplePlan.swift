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
            var start = 0
            while start < resamples {
                var source = RandomIndices(seed: seeds.next())
                for _ in start..<min(start + Self.chunk, resamples) {
                    result.append(statistic.replicate(from: &source))
                }
                start += Self.chunk
            }
        }
        return result
    }
}

/// A statistic that can be evaluated on one resample; it may keep scratch space between them.
protocol ResampledStatistic {
    associatedtype Value
    mutating func replicate(from source: inout some IndexSource) -> Value
}
