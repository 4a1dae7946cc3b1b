import EdisonCore
package import EdisonPrompts

/// A raced candidate with everything that a person needs to decide on it, in the loop or later in the review queue.
package struct Suggestion: Hashable, Sendable {
    package let version: PromptVersion.ID
    /// Counts within the experiment, from 1.
    package let number: Int
    package let parent: PromptVersion.ID
    package let parentNumber: Int
    package let iteration: Int
    package let before: PromptContent
    package let after: PromptContent
    /// Why it is proposed, and what each edit claims, in the refiner's words.
    package let note: String
    package let claims: [String]
    /// What the gate would do by itself.
    package let recommendation: LoopDecision
    package let isRecommended: Bool
    /// The cases that gained and lost most.
    package let examples: [CaseChange]

    /// One case with the outputs of both versions.
    package struct CaseChange: Hashable, Sendable {
        package let input: String
        package let before: String
        package let after: String
        package let delta: Double

        package init(input: String, before: String, after: String, delta: Double) {
            self.input = input
            self.before = before
            self.after = after
            self.delta = delta
        }
    }

    /// Whether a person's own wording can be filled by every case: it must have the variables of the parent.
    package func takes(_ content: PromptContent) -> Bool {
        let known = try? PromptRenderer.variables(before)
        return (try? PromptRenderer.variables(content)).map(Set.init) == known.map(Set.init)
    }
}

extension Suggestion {
    init(
        _ candidate: LoopVersion, parent: LoopVersion, iteration: Int, recommendation: LoopDecision,
        isRecommended: Bool, examples: [CaseChange]
    ) {
        self.init(
            version: candidate.version.id, number: candidate.number, parent: parent.version.id,
            parentNumber: parent.number, iteration: iteration, before: parent.version.content,
            after: candidate.version.content, note: candidate.note,
            claims: candidate.edits.map(\.claim).filter { !$0.isEmpty }, recommendation: recommendation,
            isRecommended: isRecommended, examples: examples)
    }

    /// What no other table holds of it.
    var evidence: JSONValue {
        [
            "number": .integer(Int64(number)), "parent_number": .integer(Int64(parentNumber)), "note": .string(note),
            "claims": .array(claims.map { .string($0) }), "recommended": .bool(isRecommended),
            "reason": .string(recommendation.reason), "delta": JSONValue(recommendation.delta),
            "interval": recommendation.interval.json, "cases": .integer(Int64(recommendation.cases)),
            "examples": .array(examples.map(\.json)),
        ]
    }

    init(
        version: PromptVersion.ID, parent: PromptVersion.ID, iteration: Int, before: PromptContent,
        after: PromptContent, evidence: JSONValue
    ) {
        let low = evidence["interval"]?[0]?.double
        let high = evidence["interval"]?[1]?.double
        self.init(
            version: version, number: evidence["number"]?.int ?? 0, parent: parent,
            parentNumber: evidence["parent_number"]?.int ?? 0, iteration: iteration, before: before, after: after,
            note: evidence["note"]?.string ?? "", claims: (evidence["claims"]?.array ?? []).compactMap(\.string),
            recommendation: LoopDecision(
                by: .gate, reason: evidence["reason"]?.string ?? "", delta: evidence["delta"]?.double,
                interval: low.flatMap { low in high.map { low...max(low, $0) } }, cases: evidence["cases"]?.int ?? 0),
            isRecommended: evidence["recommended"]?.bool ?? false,
            examples: (evidence["examples"]?.array ?? []).map(CaseChange.init(json:)))
    }
}

extension Suggestion.CaseChange {
    fileprivate var json: JSONValue {
        [
            "input": .string(input), "before": .string(before), "after": .string(after), "delta": .number(delta),
        ]
    }

    fileprivate init(json: JSONValue) {
        self.init(
            input: json["input"]?.string ?? "", before: json["before"]?.string ?? "",
            after: json["after"]?.string ?? "", delta: json["delta"]?.double ?? 0)
    }
}
