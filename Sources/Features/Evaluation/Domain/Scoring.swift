import EdisonCore

/// How the judgments of one output become one number between 0 and 1.
///
/// Per judge: composite = Σ weight × normalised score over all criteria; checks stand in for the judge on theirs.
/// Over judges: each judge's offset is subtracted, then the weighted mean is taken over the judges that answered.
/// What is missing is left out, never counted as 0. A failed gate is 0, since it fails the case.
package struct Scoring: Sendable {
    package let rubric: Rubric
    package let ensemble: Ensemble

    package init(rubric: Rubric, ensemble: Ensemble) {
        self.rubric = rubric
        self.ensemble = ensemble
    }

    /// The score of one output; nil when nothing valid says anything about it.
    ///
    /// - Parameter judges: nil = all judges; else only these count (the search judge of a race).
    package func score(
        _ judgments: [Judgment], checks: [String: Bool], judges: Set<String>? = nil
    ) -> Double? {
        if rubric.checked.contains(where: { $0.gate && checks[$0.name] == false }) { return 0 }
        let checkPart = checkedPart(checks)
        if rubric.judged.isEmpty { return checkPart.map { $0.sum / $0.weight } }
        var sum = 0.0
        var total = 0.0
        for judgment in judgments where judgment.valid && judgment.mode == .pointwise {
            if let judges, !judges.contains(judgment.judge) { continue }
            guard let composite = judgedPart(judgment) else { continue }
            let weight = ensemble.weight(of: judgment.judge)
            sum += weight * (composite - ensemble.offset(of: judgment.judge))
            total += weight
        }
        guard total > 0 else { return nil }
        let judgedWeight = rubric.judged.reduce(0) { $0 + $1.weight }
        let judged = min(1, max(0, sum / total))
        let checkWeight = checkPart?.weight ?? 0
        return (judged * judgedWeight + (checkPart?.sum ?? 0)) / (judgedWeight + checkWeight)
    }

    /// One judge's mean over the judged criteria, on 0 to 1; nil when a criterion is missing.
    package func judgedPart(_ judgment: Judgment) -> Double? {
        var sum = 0.0
        var total = 0.0
        for criterion in rubric.judged {
            guard let raw = judgment.scores[criterion.name], let score = criterion.scale.normalise(raw) else {
                return nil
            }
            sum += criterion.weight * score
            total += criterion.weight
        }
        return total > 0 ? sum / total : nil
    }

    private func checkedPart(_ checks: [String: Bool]) -> (sum: Double, weight: Double)? {
        let decided = rubric.checked.filter { checks[$0.name] != nil }
        guard !decided.isEmpty else { return nil }
        return decided.reduce((sum: 0, weight: 0)) { part, criterion in
            (part.sum + (checks[criterion.name] == true ? criterion.weight : 0), part.weight + criterion.weight)
        }
    }

    /// The mean of one criterion over the judges, on 0 to 1.
    package func criterionScore(_ name: String, _ judgments: [Judgment], checks: [String: Bool]) -> Double? {
        guard let criterion = rubric[name] else { return nil }
        if criterion.check != nil { return checks[name].map { $0 ? 1 : 0 } }
        var sum = 0.0
        var total = 0.0
        for judgment in judgments where judgment.valid && judgment.mode == .pointwise {
            guard let raw = judgment.scores[name], let score = criterion.scale.normalise(raw) else { continue }
            let weight = ensemble.weight(of: judgment.judge)
            sum += weight * score
            total += weight
        }
        return total > 0 ? sum / total : nil
    }
}

/// The weights and offsets of the judges, frozen for an iteration and exported, so that composites can be recomputed.
package struct Ensemble: Hashable, Sendable {
    package var weights: [String: Double]
    package var offsets: [String: Double]

    package init(weights: [String: Double] = [:], offsets: [String: Double] = [:]) {
        self.weights = weights
        self.offsets = offsets
    }

    /// Equal weights until something is known of the judges.
    package static func equal(_ judges: [String]) -> Ensemble {
        Ensemble(weights: Dictionary(uniqueKeysWithValues: judges.map { ($0, 1 / Double(judges.count)) }))
    }

    package func weight(of judge: String) -> Double { weights[judge] ?? 0 }
    package func offset(of judge: String) -> Double { offsets[judge] ?? 0 }
}
