internal import EdisonCore

/// One piece of the apprentice's ordinary work: the text that it writes for an input under a prompt.
struct Performance: Sendable {
    let task: ApprenticeTask
    let reading: PromptReading
    /// How often an answer that does not meet a requirement shows its flaw, where it has one.
    static let flawShare = 0.45

    private let draw: Draw
    private let skill: Skill
    private let topic: ApprenticeTask.Topic
    private let label: String
    private let values: [String: String]

    init(tasks: [ApprenticeTask], request: SimulatedRequest) {
        reading = PromptReading(request)
        let ofInstructions = tasks.closest(to: reading.instructions)
        task =
            ofInstructions.name == ApprenticeTask.general.name
            ? tasks.closest(to: reading.instructions + "\n" + reading.input) : ofInstructions
        draw = Draw(request.seed, request.model, reading.input)
        skill = Skill(model: request.model)
        topic = task.topic(of: reading.inputWords)
        label = Labels.right(for: topic, in: task, instructions: reading.instructions)
        values = InputValues.of(reading.input).merging(topic.values) { $1 }
            .merging(["label": label, "urgency": Labels.urgency(of: reading.inputWords)]) { $1 }
    }

    /// A number from 0 (easy) to 1 (hard) that belongs to the input, whoever works on it.
    private var difficulty: Double { InputDifficulty.of(reading.input) }

    var traps: [Trap] { task.traps.filter(reading.states) }

    /// The chance that the answer meets a requirement.
    func chance(of requirement: Requirement) -> Double {
        skill.chance(
            of: requirement, isStated: reading.states(requirement), difficulty: difficulty,
            instructions: reading.instructions.utf8.count, traps: traps)
    }

    private func isMet(_ requirement: Requirement) -> Bool {
        draw.uniform("met", requirement.id) < chance(of: requirement)
    }

    /// What the whole answer is under a trap that leaves nothing else, with the right label or a wrong one; nil without
    /// such a trap.
    func onlyText(isRight: Bool) -> String? {
        traps.lazy.compactMap(\.only).first.map {
            SlotText.filled($0, values.merging(["label": isRight ? label : wrongLabel]) { $1 })
        }
    }

    var text: String {
        let isRight = task.requirements.first(where: \.namesLabel).map(isMet) ?? true
        if let only = onlyText(isRight: isRight) { return only }
        let lines = task.requirements.filter { $0.applies(to: reading.inputWords) }.compactMap(line)
        let opening = draw.pick(task.openings, "opening").map { [SlotText.filled($0, values)] } ?? []
        let noise = traps.map(\.shows).filter { !$0.isEmpty }
        let place = min(lines.count, task.openingPlace)
        return joined(Array(lines[..<place]) + opening + lines[place...] + noise)
    }

    private func line(for requirement: Requirement) -> String? {
        let isMet = isMet(requirement)
        if requirement.namesLabel {
            let values = values.merging(["label": isMet ? label : wrongLabel]) { $1 }
            return draw.pick(requirement.shows, "way " + requirement.id).map { SlotText.filled($0, values) }
        }
        if isMet { return draw.pick(requirement.shows, "way " + requirement.id).map { SlotText.filled($0, values) } }
        let shows = !requirement.flaw.isEmpty && draw.uniform("flaw", requirement.id) < Self.flawShare
        return shows ? SlotText.filled(requirement.flaw, values) : nil
    }

    private var wrongLabel: String {
        let others = Labels.all(of: task, instructions: reading.instructions).filter { $0 != label }
        return draw.pick(others, "wrong label") ?? "other"
    }

    /// What a field of a structured answer holds: the label where its name asks for one, else the text.
    func text(for field: String) -> String {
        let asksForLabel = ["queue", "label", "category", "team", "class"].contains { field.lowercased().contains($0) }
        guard asksForLabel, !label.isEmpty, let requirement = task.requirements.first(where: \.namesLabel) else {
            return text
        }
        return isMet(requirement) ? label : wrongLabel
    }

    /// Sentences on one line, except where a part brings its own line breaks.
    private func joined(_ parts: [String]) -> String {
        var text = ""
        for part in parts {
            let startsLine = text.isEmpty || text.hasSuffix("\n")
            let part = startsLine ? String(part.drop(while: \.isNewline)) : part
            if startsLine || part.hasPrefix("\n") { text += part } else { text += " " + part }
        }
        return Words.trimmed(text)
    }
}
