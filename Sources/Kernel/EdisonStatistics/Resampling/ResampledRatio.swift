/// The ratio Σ sums / Σ counts over drawn items: a mean of values, of case means, or of all values of drawn cases.
struct ResampledRatio: ResampledStatistic {
    let sums: [Double]
    let counts: [Double]

    /// Values, each counting once.
    init(_ values: [Double]) {
        sums = values
        counts = Array(repeating: 1, count: values.count)
    }

    init(sums: [Double], counts: [Double]) {
        self.sums = sums
        self.counts = counts
    }

    func replicate(from source: inout some IndexSource) -> Double {
        let items = sums.count
        var (sum, count) = (0.0, 0.0)
        sums.withUnsafeBufferPointer { sums in
            counts.withUnsafeBufferPointer { counts in
                for _ in 0..<items {
                    let index = source.index(below: items)
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
        sums.indices.map { left in
            var (sum, count) = (0.0, 0.0)
            for index in sums.indices where index != left {
                sum += sums[index]
                count += counts[index]
            }
            return sum / count
        }
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
