import Testing

@testable import EdisonStatistics

@Suite("Resamples in chunks")
struct ResamplePlanTests {
    private let values = (0..<37).map { Double($0 * $0 % 23) / 7 }

    /// Each chunk by itself, one draw after the other.
    private func alone(_ resamples: Int, seed: UInt64, _ value: (inout RandomIndices) -> Double) -> [Double] {
        var seeds = SplitMix64(seed: seed)
        return stride(from: 0, to: resamples, by: 256).flatMap { start in
            var source = RandomIndices(seed: seeds.next())
            return (start..<min(start + 256, resamples)).map { _ in value(&source) }
        }
    }

    @Test(
        "chunks that are drawn side by side are what each draws alone",
        arguments: [1, 255, 256, 257, 300, 511, 512, 513, 768, 1_000])
    func sideBySide(_ resamples: Int) {
        let plan = ResamplePlan.random(resamples: resamples, seed: 99)
        let mean = alone(resamples, seed: 99) { source in
            (0..<values.count).reduce(0) { sum, _ in sum + values[source.index(below: values.count)] }
                / Double(values.count)
        }
        #expect(plan.replicates(ResampledRatio(values)) == mean)
        let counts = values.indices.map { Double($0 % 3 + 1) }
        let ratio = alone(resamples, seed: 99) { source in
            var (sum, count) = (0.0, 0.0)
            for _ in values {
                let index = source.index(below: values.count)
                sum += values[index]
                count += counts[index]
            }
            return sum / count
        }
        #expect(plan.replicates(ResampledRatio(sums: values, counts: counts)) == ratio)
    }

    @Test("the estimate without an item is that of the others")
    func jackknife() {
        let counts = values.indices.map { Double($0 % 3 + 1) }
        for (left, found) in ResampledRatio(sums: values, counts: counts).jackknife.enumerated() {
            let others = values.indices.filter { $0 != left }
            let sum = others.reduce(0) { $0 + values[$1] }
            let count = others.reduce(0) { $0 + counts[$1] }
            #expect(abs(found - sum / count) < 1e-13)
        }
    }
}
