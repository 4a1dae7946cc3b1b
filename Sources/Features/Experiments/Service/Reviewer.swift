package import EdisonPrompts

/// The person who decides on candidates: at a terminal today, on a page later.
package protocol Reviewer: Sendable {
    /// What the person says of a raced candidate; throws `AwaitingReview` when nobody is there to ask.
    func review(_ candidate: ReviewedCandidate) async throws -> ReviewDecision
    /// Whether to go on with a step that spends money (`every-step`).
    func mayGoOn(with step: String) async throws -> Bool
}

/// A candidate with the evidence that a person needs to decide on it.
package struct ReviewedCandidate: Sendable {
    package let version: LoopVersion
    package let parent: LoopVersion
    /// What the gate would do by itself.
    package let recommendation: LoopDecision
    package let isRecommended: Bool
    /// The cases that gained and lost most, with both outputs.
    package let examples: [CaseChange]

    package struct CaseChange: Sendable {
        package let input: String
        package let before: String
        package let after: String
        package let delta: Double
    }
}

/// What a person decides on a candidate, with the words that the refiner is shown of it.
package enum ReviewDecision: Sendable, Hashable {
    case approve(note: String)
    case edit(PromptContent, note: String)
    case reject(note: String)
    case requestChanges(note: String)
    /// Leave the run as it is; it waits.
    case later
}

/// The run waits for a person.
package struct AwaitingReview: Error, Sendable {
    package init() {}
}

/// For `automatic`: the gate decides.
package struct NoReviewer: Reviewer {
    package init() {}
    package func review(_ candidate: ReviewedCandidate) async throws -> ReviewDecision { throw AwaitingReview() }
    package func mayGoOn(with step: String) async throws -> Bool { throw AwaitingReview() }
}
