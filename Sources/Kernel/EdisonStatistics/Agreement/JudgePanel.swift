/// The scores of the judges that are there, and the sums that their weights rest on.
struct JudgePanel {
    private let scores: [[Double?]]
    private let cases: Int

    init(scores: [[Double?]]) {
        self.scores = scores.map { row in row.map { $0.flatMap { $0.isFinite ? $0 : nil } } }
        cases = scores.map(\.count).max() ?? 0
    }

    private func score(_ judge: Int, _ place: Int) -> Double? {
        place < scores[judge].count ? scores[judge][place] : nil
    }

    /// Per judge the mean distance to the ensemble, over the cases that it scored with another judge.
    func offsets(weights: [Double]) -> [Double] {
        var distances: [[Double]] = scores.map { _ in [] }
        for place in 0..<cases {
            let present = scores.indices.filter { score($0, place) != nil }
            guard present.count > 1 else { continue }
            let terms = present.map { (weight: weights[$0], value: score($0, place) ?? 0) }
            guard let ensemble = Self.weightedMean(terms) else { continue }
            for (judge, term) in zip(present, terms) { distances[judge].append(term.value - ensemble) }
        }
        return distances.map { $0.isEmpty ? 0 : Self.sum($0) / Double($0.count) }
    }

    /// Per case the weighted mean of the other judges' shifted scores; nil where none scored.
    func others(than judge: Int, weights: [Double], offsets: [Double]) -> [Double?] {
        (0..<cases).map { place in
            Self.weightedMean(
                scores.indices.compactMap { other in
                    guard other != judge, let value = score(other, place) else { return nil }
                    return (weight: weights[other], value: value - offsets[other])
                })
        }
    }

    /// Over the cases that both sides have; nil below three. A judge that never varies correlates 0.
    func correlation(of judge: Int, with target: [Double?]) -> Double? {
        let pairs = (0..<cases).compactMap { place -> (Double, Double)? in
            guard let own = score(judge, place), place < target.count, let other = target[place] else { return nil }
            return (own, other)
        }
        guard pairs.count >= 3 else { return nil }
        return Correlation.pearson(pairs.map(\.0), pairs.map(\.1)) ?? 0
    }

    /// Terms of weight 0 count for nothing; nil when nothing counts.
    static func weightedMean(_ terms: [(weight: Double, value: Double)]) -> Double? {
        let counted = terms.filter { $0.weight > 0 && $0.value.isFinite }
        guard !counted.isEmpty else { return nil }
        return sum(counted.map { $0.weight * $0.value }) / sum(counted.map(\.weight))
    }

    /// A sum whose bits do not depend on the order of the terms.
    static func sum(_ terms: [Double]) -> Double { terms.sorted().reduce(0, +) }
}
