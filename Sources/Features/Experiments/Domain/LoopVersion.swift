package import EdisonCore
package import EdisonPrompts

/// A version as one run sees it: where it came from and what became of it.
package struct LoopVersion: Sendable {
    package enum Status: String, Sendable, CaseIterable {
        case seed, candidate, accepted, rejected, promoted
    }

    package let version: PromptVersion
    /// Counts within the experiment, from 1.
    package let number: Int
    package let parentID: PromptVersion.ID?
    package let iteration: Int
    package var status: Status
    /// The unified diff against the parent.
    package let diff: String
    package let note: String
    package let edits: [ProposedEdit]
    package let targetCriteria: [String]
    package var decision: LoopDecision?
    /// The search cases on which it was accepted: lucky ones, which do not judge it again.
    package var acceptanceCases: Set<String> = []

    package init(
        version: PromptVersion, number: Int, parentID: PromptVersion.ID?, iteration: Int, status: Status,
        diff: String, note: String, edits: [ProposedEdit], targetCriteria: [String]
    ) {
        self.version = version
        self.number = number
        self.parentID = parentID
        self.iteration = iteration
        self.status = status
        self.diff = diff
        self.note = note
        self.edits = edits
        self.targetCriteria = targetCriteria
    }
}

/// One atom of a proposal: it can stand or fall alone.
package struct ProposedEdit: Hashable, Sendable {
    package let target: EditTarget
    package let find: String
    package let replace: String
    /// Which criterion or case it mends, and how, in the refiner's words.
    package let claim: String

    package init(target: EditTarget, find: String, replace: String, claim: String) {
        self.target = target
        self.find = find
        self.replace = replace
        self.claim = claim
    }

    /// Adds without taking away: an append, or a replacement that keeps what it found.
    package var isAddition: Bool { find.isEmpty || replace.contains(find) }

    package var json: JSONValue {
        [
            "target": .string(target.rawValue), "find": .string(find), "replace": .string(replace),
            "claim": .string(claim),
        ]
    }
}

/// Why a version stands where it stands.
package struct LoopDecision: Hashable, Sendable {
    package enum Author: String, Sendable { case gate, person, promotion }

    package var by: Author
    package var reason: String
    /// Mean paired difference to the parent, on 0 to 1, over the cases that decided.
    package var delta: Double?
    package var interval: ClosedRange<Double>?
    /// Distinct cases of the race.
    package var cases: Int
    /// What the race was run on, so that its mean can be recomputed.
    package var race: RaceRecord?

    package init(
        by: Author, reason: String, delta: Double?, interval: ClosedRange<Double>?, cases: Int, race: RaceRecord? = nil
    ) {
        self.by = by
        self.reason = reason
        self.delta = delta
        self.interval = interval
        self.cases = cases
        self.race = race
    }
}
