package import EdisonCore
package import EdisonDatasets

/// How much of the search cases each evaluated case stands for.
///
/// Evidence is not a random sample: rare tags and tags with a wide spread have more cases in it than their share. So a
/// case counts (cases of its stratum among the search cases ÷ all search cases) ÷ (the same in the sample), and the mean
/// stays an estimate of the mean over the search cases. With all search cases in the sample every weight is 1.
package struct CaseWeights: Hashable, Sendable {
    private let byStratum: [String: Double]

    /// Every case counts once.
    package static let equal = CaseWeights()

    private init() { byStratum = [:] }

    package init(of sample: [TestCase], standingFor population: [TestCase]) {
        let taken = Dictionary(grouping: sample, by: \.stratum).mapValues(\.count)
        let all = Dictionary(grouping: population, by: \.stratum).mapValues(\.count)
        byStratum = taken.reduce(into: [:]) { weights, entry in
            guard let count = all[entry.key] else { return }
            let share = Double(count) / Double(population.count)
            weights[entry.key] = share / (Double(entry.value) / Double(sample.count))
        }
    }

    package subscript(testCase: TestCase) -> Double { byStratum[testCase.stratum] ?? 1 }

    package var isEqual: Bool { byStratum.values.allSatisfy { $0 == 1 } }

    package var json: JSONValue {
        .object(JSONObject(byStratum.sorted { bytewise($0.key, $1.key) }.map { ($0.key, .number($0.value)) }))
    }
}

extension TestCase {
    /// The first tag by name: cases of one stratum share it, and every case is in exactly one.
    package var stratum: String { tags.min(by: bytewise) ?? "" }
}
