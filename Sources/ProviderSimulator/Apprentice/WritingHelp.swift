internal import EdisonCore

/// Answers the structured calls `completion` and `improvement`: help with a text that a person is writing.
struct WritingHelp: Sendable {
    private let task: ApprenticeTask
    private let sections: TaggedText
    private let draw: Draw

    init(tasks: [ApprenticeTask], request: SimulatedRequest) {
        sections = request.sections
        task = tasks.closest(
            to: ["goal", "current", "instruction"].compactMap { request.sections[$0] }.joined(separator: "\n"))
        draw = Draw(request.seed, request.model, request.lastUser)
    }

    private var current: String { sections["current"] ?? "" }

    /// Something to add: an instruction that the text does not state yet.
    private func addition(_ use: String) -> (text: String, reason: String) {
        let reading = PromptReading(instructions: current, input: "")
        let open = task.requirements.filter { !reading.states($0) }
        let asked = Words.sentences(sections["instruction"] ?? "").map { Words.split($0) }
        let wanted = open.first { $0.stated.matches(anyOf: asked) } ?? draw.pick(open, use)
        guard let wanted, let sentence = draw.pick(wanted.instructions, use + " sentence") else {
            return ("", "The text already says what matters.")
        }
        return (sentence, wanted.advice)
    }

    var completion: JSONValue {
        let addition = addition("completion").text
        let gap = current.isEmpty || current.hasSuffix("\n") || current.hasSuffix(" ") ? "" : " "
        if current.isEmpty { return ["content": .string(task.prompts.first ?? addition)] }
        return ["content": .string(gap + addition)]
    }

    var improvement: JSONValue {
        let addition = addition("improvement")
        let content = addition.text.isEmpty ? current : Words.trimmed(current) + "\n" + addition.text
        return ["content": .string(content), "note": .string(addition.reason)]
    }
}
