package import EdisonCore
package import EdisonEvaluation

/// What a person says about one output: a score for every judged criterion, on the criterion's scale.
package struct Label: Hashable, Sendable {
    /// Without a server there is one person: the owner of the local project.
    package static let localAuthor = "local"

    package let output: Output.ID
    package let author: String
    package let scores: [String: Double]
    package let createdAt: Timestamp
    /// How the output came to the person; nil when nobody picked it for labelling.
    package var pick: LabelPick?

    package init(
        output: Output.ID, author: String = Label.localAuthor, scores: [String: Double], createdAt: Timestamp = .now,
        pick: LabelPick? = nil
    ) {
        self.output = output
        self.author = author
        self.scores = scores
        self.createdAt = createdAt
        self.pick = pick
    }

    package var scoresJSON: JSONValue {
        .object(JSONObject(scores.sorted { bytewise($0.key, $1.key) }.map { ($0.key, .number($0.value)) }))
    }
}

/// Why an output was given to a person, and how probable that was: labels of outputs that somebody chose say nothing
/// about the others.
package struct LabelPick: Hashable, Sendable {
    package enum Reason: String, Sendable, CaseIterable { case random, disagreement }

    package let reason: Reason
    package let probability: Double

    package init(reason: Reason, probability: Double) {
        self.reason = reason
        self.probability = probability
    }
}
