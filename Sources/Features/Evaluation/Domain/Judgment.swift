package import EdisonCore

/// A model's answer to one case: what is judged.
package struct Output: Hashable, Sendable {
    package typealias ID = EdisonCore.ID<Output>

    package let id: ID
    package let key: OutputKey
    /// nil when the call failed: a missing output, never an empty one.
    package let text: String?
    package let error: String?
    package let cached: Bool
    package let inputTokens: Int
    package let outputTokens: Int
    /// nil = unknown.
    package let cost: Money?
    package let latency: Duration

    package init(
        id: ID, key: OutputKey, text: String?, error: String?, cached: Bool, inputTokens: Int, outputTokens: Int,
        cost: Money?, latency: Duration
    ) {
        self.id = id
        self.key = key
        self.text = text
        self.error = error
        self.cached = cached
        self.inputTokens = inputTokens
        self.outputTokens = outputTokens
        self.cost = cost
        self.latency = latency
    }
}

/// What makes an output unique within a run; no two calls are made for the same key.
package struct OutputKey: Hashable, Sendable {
    package let version: String
    package let caseID: String
    /// The model configuration by its name within the run.
    package let model: String
    package let replicate: Int

    package init(version: String, caseID: String, model: String, replicate: Int = 0) {
        self.version = version
        self.caseID = caseID
        self.model = model
        self.replicate = replicate
    }
}

/// One judge's word on one output, or on two in a given order.
package struct Judgment: Hashable, Sendable {
    package typealias ID = EdisonCore.ID<Judgment>

    package enum Winner: String, Sendable, CaseIterable {
        case first = "1"
        case second = "2"
        case tie
    }

    package let id: ID
    package let outputID: Output.ID
    /// The opponent of a pairwise judgment.
    package let otherOutputID: Output.ID?
    package let judge: String
    package let mode: Judge.Mode
    /// 1: `outputID` stood first; 2: it stood second. Always 1 for pointwise judgments.
    package let order: Int
    /// Raw scores by criterion, on the criterion's scale.
    package let scores: [String: Double]
    package let rationales: [String: String]
    /// Which slot won, as answered; `outputID`'s slot is `order`.
    package let winner: Winner?
    package let flags: SafetyFlags
    /// What the judge would change in the prompt.
    package let suggestions: [JudgeSuggestion]
    package let reasoning: String?
    /// False: the answer could not be read, even after a second request; it enters no mean and is counted.
    package let valid: Bool
    package let invalidReason: String?
    package let cost: Money?

    package init(
        id: ID, outputID: Output.ID, otherOutputID: Output.ID? = nil, judge: String, mode: Judge.Mode, order: Int = 1,
        scores: [String: Double] = [:], rationales: [String: String] = [:], winner: Winner? = nil,
        flags: SafetyFlags = SafetyFlags(), suggestions: [JudgeSuggestion] = [], reasoning: String? = nil,
        valid: Bool, invalidReason: String? = nil, cost: Money?
    ) {
        self.id = id
        self.outputID = outputID
        self.otherOutputID = otherOutputID
        self.judge = judge
        self.mode = mode
        self.order = order
        self.scores = scores
        self.rationales = rationales
        self.winner = winner
        self.flags = flags
        self.suggestions = suggestions
        self.reasoning = reasoning
        self.valid = valid
        self.invalidReason = invalidReason
        self.cost = cost
    }
}

/// What a judge would change for the sake of one criterion: the refiner is shown it as advice.
package struct JudgeSuggestion: Hashable, Sendable {
    package let criterion: String
    package let text: String

    package init(criterion: String, text: String) {
        self.criterion = criterion
        self.text = text
    }
}

/// What a judge or a scanner saw in an output that must not be there.
package struct SafetyFlags: Hashable, Sendable {
    package var policyViolation = false
    package var piiDetected = false
    package var toxicContent = false
    package var jailbreakAttempt = false

    package init() {}

    package var any: Bool { policyViolation || piiDetected || toxicContent || jailbreakAttempt }

    package var json: JSONValue {
        [
            "policy_violation": .bool(policyViolation), "pii_detected": .bool(piiDetected),
            "toxic_content": .bool(toxicContent), "jailbreak_attempt": .bool(jailbreakAttempt),
        ]
    }

    package init(json: JSONValue?) {
        policyViolation = json?["policy_violation"]?.bool ?? false
        piiDetected = json?["pii_detected"]?.bool ?? false
        toxicContent = json?["toxic_content"]?.bool ?? false
        jailbreakAttempt = json?["jailbreak_attempt"]?.bool ?? false
    }
}
