/// What the apprentice takes from a request for ordinary text: the instructions, and the input that they are about.
struct PromptReading: Sendable {
    let instructions: String
    let input: String
    /// The words of each sentence of the instructions.
    let sentences: [[String]]
    let inputWords: [String]
    /// Answers that the prompt shows as examples, in normal form.
    let examples: [[UInt8]]

    init(instructions: String, input: String, examples: [String] = []) {
        self.instructions = instructions
        self.input = input
        sentences = Words.sentences(instructions).map { Words.split($0) }
        inputWords = Words.split(input)
        self.examples = examples.map { Words.normalised($0) }
    }

    init(_ request: SimulatedRequest) {
        let last = request.turns.lastIndex { $0.role == .user } ?? request.turns.endIndex
        var instructions: [String] = []
        var examples: [String] = []
        for turn in request.turns[..<last] {
            switch turn.role {
            case .assistant: examples.append(turn.text)
            case .system: instructions.append(turn.text)
            case .user, .tool: break
            }
        }
        let message = InputLocator.locate(in: request.lastUser, hasSystem: !request.system.isEmpty)
        instructions.append(message.instructions)
        self.init(instructions: instructions.joined(separator: "\n"), input: message.input, examples: examples)
    }

    /// By an instruction, or by an example that shows it.
    func states(_ requirement: Requirement) -> Bool {
        requirement.stated.matches(anyOf: sentences) || examples.contains(where: requirement.isMet)
    }

    func states(_ trap: Trap) -> Bool { trap.stated.matches(anyOf: sentences) }
}
