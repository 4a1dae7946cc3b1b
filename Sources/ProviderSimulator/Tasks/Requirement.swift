/// One hidden requirement of an apprentice's task: what a good answer does, how a prompt asks for it, and how it looks
/// in an answer when it is there and when it is not.
///
/// Nothing but the words of the prompt and of the answer connects the apprentice as a model, as a judge and as a
/// refiner; so a loop that improves a prompt has really passed on what the answers lacked.
package struct Requirement: Sendable {
    package let id: String
    /// Word beginnings of the criteria that it serves, in the criterion's name or description.
    let criteria: KeywordPattern
    /// How a prompt states it.
    let stated: KeywordPattern
    /// The chance that an answer meets it unasked.
    let base: Double
    /// Ways in which an answer shows it; `{slot}` is filled from the input.
    let shows: [String]
    /// What an answer may say instead; empty for nothing.
    let flaw: String
    /// Completes "The answer …" when it is met.
    let good: String
    /// Completes "The answer …" when it is not.
    let bad: String
    /// What a judge suggests about the prompt.
    let advice: String
    /// Sentences that a refiner may add to a prompt.
    let instructions: [String]
    /// Words of the inputs to which it applies; nil for all.
    let applies: KeywordPattern?
    /// Met by naming the right label of the input, not by a sentence.
    let namesLabel: Bool
    /// What of `shows` a reader can recognise: its longest part without slots.
    let markers: [[UInt8]]
    let flawMarker: [UInt8]

    package init(
        _ id: String, criteria: String, stated: String, base: Double, shows: [String], flaw: String = "",
        good: String, bad: String, advice: String, instructions: [String], applies: String? = nil,
        namesLabel: Bool = false
    ) {
        self.id = id
        self.criteria = KeywordPattern(criteria)
        self.stated = KeywordPattern(stated)
        self.base = base
        self.shows = shows
        self.flaw = flaw
        self.good = good
        self.bad = bad
        self.advice = advice
        self.instructions = instructions
        self.applies = applies.map { KeywordPattern($0) }
        self.namesLabel = namesLabel
        markers = shows.map(SlotText.marker)
        flawMarker = SlotText.marker(flaw)
    }

    func applies(to input: [String]) -> Bool { applies?.matches(input) ?? true }

    /// Whether an answer, as `Words.normalised` gives it, shows that the requirement is met.
    func isMet(in answer: [UInt8]) -> Bool { markers.contains { $0.count > 2 && Words.contains($0, in: answer) } }

    func isViolated(in answer: [UInt8]) -> Bool { flawMarker.count > 2 && Words.contains(flawMarker, in: answer) }
}

/// An instruction that makes answers worse while it sounds sensible.
package struct Trap: Sendable {
    package let id: String
    let stated: KeywordPattern
    /// The requirements that it hurts; empty for all.
    let harms: Set<String>
    /// What their chance is multiplied by.
    let factor: Double
    /// A sentence that it puts into the answer; empty for none.
    let shows: String
    /// When given, the whole answer is this.
    let only: String?
    let instructions: [String]
    /// What a refiner says in its favour.
    let claim: String

    package init(
        _ id: String, stated: String, harms: Set<String> = [], factor: Double, shows: String = "", only: String? = nil,
        instructions: [String], claim: String
    ) {
        self.id = id
        self.stated = KeywordPattern(stated)
        self.harms = harms
        self.factor = factor
        self.shows = shows
        self.only = only
        self.instructions = instructions
        self.claim = claim
    }
}
