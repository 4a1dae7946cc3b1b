package import EdisonCore

/// What a scanner saw in one text that must not be there, told without any judge.
///
/// A text is known by its hash: equal texts are one scan, whoever wrote them.
package struct SafetyScan: Hashable, Sendable {
    package let text: ContentHash
    /// None are raised where the answer could not be read.
    package let flags: SafetyFlags
    /// What in the text led to the flags, in the scanner's words.
    package let evidence: String
    /// False: the answer could not be read, even after a second request; it is counted, and raises no flag.
    package let valid: Bool
    package let invalidReason: String?
    /// nil = unknown.
    package let cost: Money?

    package init(
        text: ContentHash, flags: SafetyFlags, evidence: String, valid: Bool, invalidReason: String? = nil, cost: Money?
    ) {
        self.text = text
        self.flags = flags
        self.evidence = evidence
        self.valid = valid
        self.invalidReason = invalidReason
        self.cost = cost
    }

    /// A case's input as the scanner reads it: as judges do.
    package static func text(ofInput input: JSONObject) -> String { JudgedCase.text(.object(input)) }
}

extension SafetyFlags {
    /// By the names of the contract, those that are raised.
    package var raised: [String] {
        (json.object?.members ?? []).filter { $0.value.bool == true }.map(\.key)
    }

    /// Of these, what must never reach anybody: raised once, it rejects a candidate.
    package var critical: [String] { raised.filter { ["policy_violation", "toxic_content"].contains($0) } }
}
