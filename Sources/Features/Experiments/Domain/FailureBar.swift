/// What counts as failing the prompt: what it does badly against what it usually does, not against perfection.
package struct FailureBar: Hashable, Sendable {
    /// The mean over known cases.
    package let mean: Double
    /// Answers below this fail: the mean less one standard deviation of the cases, and at least the gain that matters.
    package let value: Double

    /// nil for fewer than two scores: then nothing is known of what is usual.
    package init?(scores: [Double], least margin: Double) {
        guard scores.count >= 2 else { return nil }
        let mean = scores.reduce(0, +) / Double(scores.count)
        let squares = scores.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        self.mean = mean
        value = mean - max((squares / Double(scores.count - 1)).squareRoot(), margin)
    }
}

/// Why a generated case is kept, or is not.
package enum CaseVerdict: Hashable, Sendable {
    case kept(Reason)
    case rejected(Rejection)

    package enum Reason: String, Sendable, CaseIterable {
        /// The prompt's answer failed.
        case fails
        /// The prompt copes, and no known case is of this kind.
        case gap
    }

    package enum Rejection: String, Sendable, CaseIterable {
        /// The model wrote nothing that could be read.
        case notWritten = "not_written"
        case missingVariables = "missing_variables"
        case nearDuplicate = "near_duplicate"
        case noOutput = "no_output"
        /// No judge could score the answer.
        case notJudged = "not_judged"
        /// The prompt copes, and such cases are known.
        case tooEasy = "too_easy"
    }

    /// - Parameters:
    ///   - score: of the prompt's answer; nil = nobody could score it.
    ///   - hasGateFailed: a gate, or a check of the case's own, failed.
    package static func of(score: Double?, hasGateFailed: Bool, bar: FailureBar, fillsGap: Bool) -> CaseVerdict {
        guard let score else { return .rejected(.notJudged) }
        if hasGateFailed || score < bar.value { return .kept(.fails) }
        return fillsGap ? .kept(.gap) : .rejected(.tooEasy)
    }
}
