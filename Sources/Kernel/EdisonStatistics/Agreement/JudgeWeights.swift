/// How far each judge of an ensemble is trusted, and what the ensemble says.
///
/// A judge's reliability ρ is the correlation of its scores with the weighted mean of the other judges, or with people
/// once there are enough labels; weights are proportional to ρ²/(1 − ρ²), found in six fixed-point steps, and kept
/// between 0.02 and 0.6. A judge that is stricter or milder than the ensemble is shifted by its mean offset first. All
/// sums are taken in order of size, so that the order of the judges changes no bit.
package struct JudgeWeights: Sendable {
    package static let floor = 0.02
    package static let cap = 0.6
    /// Fewer labels say less about a judge than the other judges do.
    package static let leastLabels = 15
    private static let steps = 6
    /// Beyond this, more reliability is more likely a copy than a better judge.
    private static let highestReliability = 0.99

    /// In the order of the judges; they sum to 1. A judge without scores, or left out, has 0.
    package let weights: [Double]
    /// What is subtracted from each judge's scores.
    package let offsets: [Double]
    /// Nil where too few scores are shared to tell.
    package let reliabilities: [Double?]

    /// - Parameters:
    ///   - scores: judges × cases, nil is missing.
    ///   - labels: what people gave the cases; used from 15 on.
    ///   - isIncluded: false leaves a judge out, as if it were not there.
    package init(scores: [[Double?]], labels: [Double?] = [], isIncluded: [Bool]? = nil) {
        let active = scores.indices.filter { judge in
            (isIncluded?[judge] ?? true) && scores[judge].contains { $0?.isFinite == true }
        }
        let panel = JudgePanel(scores: active.map { scores[$0] })
        let known = labels.filter { $0?.isFinite == true }.count >= Self.leastLabels ? labels : nil
        var shares = Array(repeating: 1 / Double(max(1, active.count)), count: active.count)
        var shifts = active.map { _ in 0.0 }
        var reliable: [Double?] = active.map { _ in nil }
        for _ in 0..<Self.steps where !active.isEmpty {
            shifts = panel.offsets(weights: shares)
            reliable = active.indices.map { judge in
                if let known { return panel.correlation(of: judge, with: known) }
                return panel.correlation(of: judge, with: panel.others(than: judge, weights: shares, offsets: shifts))
            }
            shares = Self.weights(reliable)
        }
        if !active.isEmpty { shifts = panel.offsets(weights: shares) }
        var weights = scores.map { _ in 0.0 }
        var offsets = scores.map { _ in 0.0 }
        var reliabilities: [Double?] = scores.map { _ in nil }
        for (place, judge) in active.enumerated() {
            weights[judge] = shares[place]
            offsets[judge] = shifts[place]
            reliabilities[judge] = reliable[place]
        }
        self.weights = weights
        self.offsets = offsets
        self.reliabilities = reliabilities
    }

    /// The ensemble's score of one case: the weighted mean of the shifted scores that are there.
    ///
    /// - Parameter scores: in the order of the judges; nil, like a weight of 0, is as if the judge were not there.
    package func score(_ scores: [Double?]) -> Double? {
        JudgePanel.weightedMean(
            zip(weights, zip(scores, offsets)).compactMap { weight, entry in
                entry.0.map { (weight: weight, value: $0 - entry.1) }
            })
    }

    /// A judge whose reliability is unknown counts as the mean of the known ones; a negative one as none at all.
    private static func weights(_ reliabilities: [Double?]) -> [Double] {
        let known = reliabilities.compactMap { $0 }
        let mean = known.isEmpty ? 0 : known.sorted().reduce(0, +) / Double(known.count)
        let raw = reliabilities.map { reliability in
            let rho = min(highestReliability, max(0, reliability ?? mean))
            return rho * rho / (1 - rho * rho)
        }
        return bounded(raw)
    }

    /// Scales to a sum of 1 within floor and cap: what breaks a bound is set to it, the rest shares what is left.
    private static func bounded(_ raw: [Double]) -> [Double] {
        let count = raw.count
        let low = min(floor, 1 / Double(count))
        let high = max(cap, 1 / Double(count))
        var fixed: [Double?] = raw.map { _ in nil }
        for _ in 0...count {
            let rest = 1 - JudgePanel.sum(fixed.compactMap { $0 })
            let free = raw.indices.filter { fixed[$0] == nil }
            let total = JudgePanel.sum(free.map { raw[$0] })
            let scaled = free.map { total > 0 ? raw[$0] / total * rest : rest / Double(free.count) }
            let excess = scaled.map { max(0, $0 - high) }.sorted().reduce(0, +)
            let lack = scaled.map { max(0, low - $0) }.sorted().reduce(0, +)
            if excess == 0, lack == 0 {
                var result = fixed.map { $0 ?? 0 }
                for (place, judge) in free.enumerated() { result[judge] = scaled[place] }
                return result
            }
            for (place, judge) in free.enumerated() {
                if excess >= lack, scaled[place] > high { fixed[judge] = high }
                if excess < lack, scaled[place] < low { fixed[judge] = low }
            }
        }
        return raw.map { _ in 1 / Double(count) }
    }
}
