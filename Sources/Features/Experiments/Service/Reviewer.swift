package import EdisonPrompts

/// The person who decides on candidates: at a terminal today, on a page later.
package protocol Reviewer: Sendable {
    /// What the person says of a raced candidate; throws `AwaitingReview` when nobody is there to ask.
    func review(_ suggestion: Suggestion) async throws -> ReviewDecision
    /// Whether to go on with a step that spends money (`every-step`).
    func mayGoOn(with step: String) async throws -> Bool
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
    package func review(_ suggestion: Suggestion) async throws -> ReviewDecision { throw AwaitingReview() }
    package func mayGoOn(with step: String) async throws -> Bool { throw AwaitingReview() }
}
