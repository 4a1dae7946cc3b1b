/// The ratio Σ sums / Σ counts over drawn items: a mean of values, of case means, or of all values of drawn cases.
struct ResampledRatio: ResampledStatistic {
    let sums: [Double]
    let counts: [Double]
    /// Every item counts once: there are as many as are drawn.
    private let isMean: Bool

    /// Values, each counting once.
    init(_ values: [Double]) {
        sums = values
        counts = Array(repeating: 1, count: values.count)
        isMean = true
    }

    init(sums: [Double], counts: [Double]) {
        self.sums = sums
        self.counts = counts
        isMean = counts.allSatisfy { $0 == 1 }
    }

    func replicate(from source: inout some IndexSource) -> Double {
        isMean
            ? sum(of: sums, from: &source) / Double(sums.count)
            : ratio(from: &source)
    }

    func replicates(from first: inout some IndexSource, _ second: inout some IndexSource) -> (Double, Double) {
        guard isMean else { return (ratio(from: &first), ratio(from: &second)) }
        var (one, other) = (0.0, 0.0)
        sums.withUnsafeBufferPointer { sums in
            for _ in 0..<sums.count {
                one += sums[first.index(below: sums.count)]
                other += sums[second.index(below: sums.count)]
            }
        }
        return (one / Double(sums.count), other / Double(sums.count))
    }

    private func sum(of sums: [Double], from source: inout some IndexSource) -> Double {
        sums.withUnsafeBufferPointer { sums in
            var sum = 0.0
            for _ in 0..<sums.count { sum += sums[source.index(below: sums.count)] }
            return sum
        }
    }

    private func ratio(from source: inout some IndexSource) -> Double {
        var (sum, count) = (0.0, 0.0)
        sums.withUnsafeBufferPointer { sums in
            counts.withUnsafeBufferPointer { counts in
                for _ in 0..<sums.count {
                    let index = source.index(below: sums.count)
                    sum += sums[index]
                    count += counts[index]
                }
            }
        }
        return sum / count
    }

    var estimate: Double { sums.reduce(0, +) / counts.reduce(0, +) }

    /// The estimate without each item in turn.
    var jackknife: [Double] {
        // Taken from the whole, which must not carry the rounding of a long sum.
        var (sum, count) = (CompensatedSum(), CompensatedSum())
        for term in sums { sum.add(term) }
        for term in counts { count.add(term) }
        return zip(sums, counts).map { (sum.value - $0) / (count.value - $1) }
    }
}

struct ResampledMedian: ResampledStatistic {
    private let values: [Double]
    private var drawn: [Double]

    init(_ values: [Double]) {
        self.values = values
        drawn = values
    }

    mutating func replicate(from source: inout some IndexSource) -> Double {
        for place in drawn.indices { drawn[place] = values[source.index(below: values.count)] }
        drawn.sort()
        return Quantiles.ofSorted(drawn, 0.5) ?? .nan
    }

    var estimate: Double { Quantiles.median(values) ?? .nan }

    var jackknife: [Double] {
        values.indices.map { left in
            Quantiles.median(values[..<left] + values[(left + 1)...]) ?? .nan
        }
    }
}

/// The difference of two arms' statistics, each arm resampled by itself.
struct ResampledDifference<First: ResampledStatistic, Second: ResampledStatistic>: ResampledStatistic
where First.Value == Double, Second.Value == Double {
    var first: First
    var second: Second

    mutating func replicate(from source: inout some IndexSource) -> Double {
        let control = first.replicate(from: &source)
        return second.replicate(from: &source) - control
    }
}
