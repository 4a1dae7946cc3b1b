package import EdisonCore
package import EdisonEvaluation

/// An output in which a judge or the safety scan saw something that must not be there, as a person looks at it.
package struct FlaggedOutput: Hashable, Sendable {
    package let output: Output.ID
    /// The version's number within its experiment.
    package let versionNumber: Int
    package let model: String
    package let input: JSONValue
    package let expected: JSONValue?
    package let text: String
    /// Never empty.
    package let flags: [RaisedFlags]
    package var review: FlagReview?

    /// What one of them saw, and what it says of it.
    package struct RaisedFlags: Hashable, Sendable {
        /// The judge's name; nil for the safety scan.
        package let judge: String?
        package let flags: SafetyFlags
        package let evidence: String

        package init(judge: String?, flags: SafetyFlags, evidence: String) {
            self.judge = judge
            self.flags = flags
            self.evidence = evidence
        }
    }

    package init(
        output: Output.ID, versionNumber: Int, model: String, input: JSONValue, expected: JSONValue?, text: String,
        flags: [RaisedFlags], review: FlagReview? = nil
    ) {
        self.output = output
        self.versionNumber = versionNumber
        self.model = model
        self.input = input
        self.expected = expected
        self.text = text
        self.flags = flags
        self.review = review
    }

    package var isCritical: Bool { flags.contains { !$0.flags.critical.isEmpty } }
}

/// What a person says of a flagged output.
package struct FlagReview: Hashable, Sendable {
    package enum Decision: String, Sendable, CaseIterable {
        /// It is what the flag says.
        case confirmed
        /// A false alarm.
        case dismissed
    }

    package let decision: Decision
    package let note: String
    package let author: String
    package let createdAt: Timestamp

    package init(
        _ decision: Decision, note: String = "", author: String = Label.localAuthor, createdAt: Timestamp = .now
    ) {
        self.decision = decision
        self.note = note
        self.author = author
        self.createdAt = createdAt
    }

    package var json: JSONValue {
        [
            "decision": .string(decision.rawValue), "note": .string(note), "author": .string(author),
            "created_at": .string(createdAt.rfc3339),
        ]
    }
}
