internal import EdisonCore

/// What a judge sees in an answer: which requirements of the task it meets, from its words alone.
struct AnswerReading: Sendable {
    let task: ApprenticeTask
    let text: String
    private let normal: [UInt8]
    private let input: [String]
    private let expected: String

    /// - Parameters:
    ///   - expected: what the case says a right answer is; a short one counts as the right label.
    init(_ text: String, task: ApprenticeTask, input: String, expected: String?) {
        self.text = text
        self.task = task
        normal = Words.normalised(text)
        self.input = Words.split(input)
        let parsed = expected.flatMap { try? JSONValue(parsing: $0) }
        self.expected = parsed?.string ?? Self.label(in: parsed) ?? (parsed == nil ? expected ?? "" : "")
    }

    private static func label(in expected: JSONValue?) -> String? {
        for key in ["queue", "label", "category", "team", "answer", "output"] {
            if let text = expected?[key]?.string { return text }
        }
        return nil
    }

    func applies(_ requirement: Requirement) -> Bool { requirement.applies(to: input) }

    func isMet(_ requirement: Requirement) -> Bool {
        guard requirement.namesLabel else { return requirement.isMet(in: normal) }
        let short = expected.count <= 40 ? expected : ""
        let label = short.isEmpty ? Labels.right(for: task.topic(of: input), in: task, instructions: "") : short
        return !label.isEmpty && Words.contains(Words.normalised(label), in: normal)
    }

    /// 1 when met, 0 when the answer shows the flaw, a little for neither.
    func credit(_ requirement: Requirement) -> Double {
        if isMet(requirement) { return 1 }
        return requirement.isViolated(in: normal) ? 0 : Self.creditForNeither
    }

    /// For an answer that neither meets a requirement nor shows its flaw.
    static let creditForNeither = 0.1
    /// What each sentence that a trap puts into an answer takes away.
    static let lossToTrap = 0.1

    func quality(of requirements: [Requirement]) -> Double {
        let relevant = requirements.filter(applies)
        guard !relevant.isEmpty else { return 1 }
        let traps = task.traps.count { !$0.shows.isEmpty && Words.contains(SlotText.marker($0.shows), in: normal) }
        let sum = relevant.reduce(0) { $0 + credit($1) }
        return max(0, sum / Double(relevant.count) - Self.lossToTrap * Double(traps))
    }

    func missing(from requirements: [Requirement]) -> [Requirement] {
        requirements.filter { applies($0) && !isMet($0) }
    }
    func met(of requirements: [Requirement]) -> [Requirement] { requirements.filter { applies($0) && isMet($0) } }
}
