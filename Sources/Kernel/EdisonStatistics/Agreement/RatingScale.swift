/// The distinct ratings that occur, and how far apart they are at a level of measurement.
struct RatingScale {
    /// Distinct, ascending.
    let values: [Double]
    let counts: [Double]
    private let level: MeasurementLevel
    private let positions: [Double: Int]
    /// What distances are squared differences of: the values, or for ranks their midranks.
    private let coordinates: [Double]

    init(values all: [Double], level: MeasurementLevel) {
        var tally: [Double: Int] = [:]
        for value in all { tally[value, default: 0] += 1 }
        values = tally.keys.sorted()
        counts = values.map { Double(tally[$0] ?? 0) }
        positions = Dictionary(uniqueKeysWithValues: values.enumerated().map { ($1, $0) })
        self.level = level
        if level == .ordinal {
            // (Σ n_g from c to k − (n_c + n_k)/2)² is the squared difference of midranks.
            var before = 0.0
            coordinates = counts.map { count in
                defer { before += count }
                return before + count / 2
            }
        } else {
            coordinates = values
        }
    }

    func position(of value: Double) -> Int { positions[value] ?? 0 }

    private func distance(_ first: Int, _ second: Int) -> Double {
        if first == second { return 0 }
        switch level {
        case .nominal: return 1
        case .ordinal, .interval:
            let difference = coordinates[first] - coordinates[second]
            return difference * difference
        case .ratio:
            let ratio = (values[first] - values[second]) / (values[first] + values[second])
            return ratio * ratio
        }
    }

    /// The sum over ordered pairs of one unit's ratings.
    func disagreement(within unit: [Int]) -> Double {
        var sum = 0.0
        for first in unit.indices {
            for second in unit.indices where second > first { sum += 2 * distance(unit[first], unit[second]) }
        }
        return sum
    }

    /// The sum over ordered pairs of all ratings, whichever unit they stand in.
    var expectedDisagreement: Double {
        let total = counts.reduce(0, +)
        switch level {
        case .nominal: return total * total - counts.reduce(0) { $0 + $1 * $1 }
        case .ordinal, .interval:
            let mean = zip(counts, coordinates).reduce(0) { $0 + $1.0 * $1.1 } / total
            let centred = zip(counts, coordinates).map { ($0, $1 - mean) }
            let linear = centred.reduce(0) { $0 + $1.0 * $1.1 }
            return 2 * (total * centred.reduce(0) { $0 + $1.0 * $1.1 * $1.1 } - linear * linear)
        case .ratio:
            var sum = 0.0
            for first in counts.indices {
                for second in counts.indices where second > first {
                    sum += 2 * counts[first] * counts[second] * distance(first, second)
                }
            }
            return sum
        }
    }
}
