package import EdisonCore

/// What the answers to a prompt are really worth: the mean over all draws of what a judge without noise or bias would
/// give. Judges only guess at it; a benchmark that knows it can say whether they were believed for the right reasons.
package struct TrueQuality: Sendable {
    private let task: ApprenticeTask
    private let rubric: RubricReading
    private let model: String

    /// - Parameter rubric: a list of criteria, as judges are shown it.
    package init(task: ApprenticeTask, rubric: JSONValue, model: String = "apprentice") {
        self.task = task
        self.rubric = RubricReading(rubric: rubric.text(), schema: nil, task: task)
        self.model = model
    }

    /// One answer that is asked for: the user message, and the case's input alone, as judges are shown it.
    package struct Question: Sendable {
        package let message: String
        package let input: String

        package init(message: String, input: String) {
            self.message = message
            self.input = input
        }
    }

    /// The mean over these questions.
    package func mean(over questions: [Question]) -> Double {
        // Most questions share their instructions, and reading these is what takes time.
        var known: [String: Instructions] = [:]
        return questions.reduce(0) { sum, question in
            let request = SimulatedRequest(model: model, turns: [.init(role: .user, text: question.message)])
            let located = InputLocator.locate(in: question.message, hasSystem: false)
            let instructions = known[located.instructions] ?? Instructions(located.instructions, task)
            known[located.instructions] = instructions
            return sum + quality(of: question.input, instructions, request) / Double(questions.count)
        }
    }

    /// What a prompt says, whatever the input.
    private struct Instructions {
        let stated: Set<String>
        let traps: [Trap]
        let length: Int

        init(_ text: String, _ task: ApprenticeTask) {
            let reading = PromptReading(instructions: text, input: "")
            stated = Set(task.requirements.filter(reading.states).map(\.id))
            traps = task.traps.filter(reading.states)
            length = text.utf8.count
        }
    }

    private func quality(of input: String, _ instructions: Instructions, _ request: SimulatedRequest) -> Double {
        let total = rubric.criteria.reduce(0) { $0 + $1.weight }
        let words = Words.split(input)
        let difficulty = InputDifficulty.of(input)
        func chance(_ requirement: Requirement) -> Double {
            Skill(model: model).chance(
                of: requirement, isStated: instructions.stated.contains(requirement.id), difficulty: difficulty,
                instructions: instructions.length, traps: instructions.traps)
        }
        return rubric.criteria.reduce(0) { sum, criterion in
            let relevant = criterion.requirements.filter { $0.applies(to: words) }
            let quality =
                relevant.isEmpty
                ? 1
                : instructions.traps.contains { $0.only != nil }
                    ? qualityOfOnlyText(criterion.requirements, input, request)
                    : Self.quality(relevant, instructions.traps, chance)
            return sum + criterion.weight / total * quality
        }
    }

    /// The mean of `AnswerReading.quality` over the answers that may come.
    private static func quality(
        _ relevant: [Requirement], _ traps: [Trap], _ chance: (Requirement) -> Double
    ) -> Double {
        let credit = relevant.reduce(0) { sum, requirement in
            let chance = chance(requirement)
            let shown = requirement.flaw.isEmpty || requirement.namesLabel ? 0 : Performance.flawShare
            return sum + chance + (1 - chance) * (1 - shown) * AnswerReading.creditForNeither
        }
        let shown = traps.count { !$0.shows.isEmpty }
        return max(0, credit / Double(relevant.count) - AnswerReading.lossToTrap * Double(shown))
    }

    private func qualityOfOnlyText(
        _ requirements: [Requirement], _ input: String, _ request: SimulatedRequest
    ) -> Double {
        let performance = Performance(tasks: [task], request: request)
        let chanceOfRight = task.requirements.first(where: \.namesLabel).map(performance.chance) ?? 1
        func quality(_ isRight: Bool) -> Double {
            AnswerReading(performance.onlyText(isRight: isRight) ?? "", task: task, input: input, expected: nil)
                .quality(of: requirements)
        }
        return chanceOfRight * quality(true) + (1 - chanceOfRight) * quality(false)
    }
}

extension ApprenticeTask {
    /// An input of the task, as a generator of cases would write it.
    package struct Input: Sendable {
        package let text: String
        package let tag: String
        package let difficulty: Int
    }

    /// Inputs that all differ, the same for the same seed.
    package func inputs(_ count: Int, seed: UInt64) -> [Input] {
        SampleInputs(task: self, draw: Draw(seed, "inputs", name)).first(count, avoiding: "").map {
            Input(text: $0.text, tag: $0.tag, difficulty: $0.difficulty)
        }
    }

    /// One instruction for each hidden requirement: together they make the best prompt that there is.
    package var allInstructions: [String] { requirements.compactMap(\.instructions.first) }

    /// The rubric, goal and first prompt that a draft would propose.
    package var draftedRubric: JSONValue {
        .array(
            rubric.map {
                [
                    "name": .string($0.name), "description": .string($0.description), "weight": .number($0.weight),
                    "scale": ["min": 1, "max": 5],
                ]
            })
    }
    package var firstObjective: String { objectives.first ?? "" }
    package var firstPrompt: String { prompts.first ?? "" }
}
