internal import EdisonCore

/// Answers the structured call `drafts`: first versions of what a person would otherwise have to write.
struct Drafts: Sendable {
    private let task: ApprenticeTask
    private let sections: TaggedText
    private let draw: Draw

    init(tasks: [ApprenticeTask], request: SimulatedRequest) {
        sections = request.sections
        task = tasks.closest(to: [sections["goal"], sections["context"]].compactMap(\.self).joined(separator: "\n"))
        draw = Draw(request.seed, request.model, request.lastUser)
    }

    var answer: JSONValue {
        let field = Words.split(sections["field"] ?? "").first ?? "prompt"
        let count = Quantity.asked(in: sections["context"] ?? "") ?? Quantity.asked(in: sections["field"] ?? "") ?? 3
        return ["drafts": .array((0..<min(count, 10)).map { draft(field, number: $0) })]
    }

    private func draft(_ field: String, number: Int) -> JSONValue {
        switch field {
        case "objective": titled("Objective \(number + 1)", item(task.objectives, number))
        case "rubric":
            titled(["Balanced", "Tone first", "Result first"][number % 3] + " rubric", rubric(number).text())
        case "judge": titled("Judge \(number + 1)", judges[number % judges.count])
        case "dataset": titled("Cases \(number + 1)", dataset(number).text())
        default: titled("Prompt \(number + 1)", item(task.prompts, number))
        }
    }

    private func titled(_ title: String, _ content: String) -> JSONValue {
        ["title": .string(title), "content": .string(content)]
    }

    private func item(_ texts: [String], _ number: Int) -> String { texts.isEmpty ? "" : texts[number % texts.count] }

    /// The task's criteria with weights that favour another one in each draft; they sum to 1.
    private func rubric(_ number: Int) -> JSONValue {
        var weights = task.rubric.map(\.weight)
        if number > 0, !weights.isEmpty { weights[(number - 1) % weights.count] *= 1.8 }
        let sum = weights.reduce(0, +)
        return .array(
            zip(task.rubric, weights).map { criterion, weight in
                [
                    "name": .string(criterion.name), "description": .string(criterion.description),
                    "weight": .number((weight / sum * 100).rounded() / 100), "scale": ["min": 1, "max": 5],
                ]
            })
    }

    private let judges = [
        "Score each criterion by what stands in the answer, not by how it sounds. Name what is missing.",
        "Be strict: give the top score only when everything that the criterion asks for is there. Ignore length.",
        "Judge as the person who receives the answer would. Quote the part that decided each score.",
    ]

    private func dataset(_ number: Int) -> JSONValue {
        let samples = SampleInputs(task: task, draw: Draw(UInt64(number), "dataset", sections["goal"] ?? ""))
        return .array(
            samples.first(5, avoiding: "").map { ["input": ["message": .string($0.text)], "tags": [.string($0.tag)]] })
    }
}

/// Reads how many of something a request asks for.
enum Quantity {
    private static let words = ["one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "eight": 8, "ten": 10]

    /// The member `count`, `n` or `number` of a JSON object, the sum of such members of a list, or the first number of
    /// a text.
    static func asked(in text: String) -> Int? {
        if let parsed = try? JSONValue(parsing: text) {
            if let count = member(of: parsed) { return count }
            if let cells = parsed.array ?? parsed["cells"]?.array {
                return cells.isEmpty ? nil : cells.reduce(0) { $0 + (member(of: $1) ?? 1) }
            }
            return parsed.int
        }
        return Words.split(text).lazy.compactMap { Int($0) ?? words[$0] }.first { $0 > 0 }
    }

    static func member(of value: JSONValue) -> Int? {
        ["count", "n", "number", "wanted", "missing", "cases", "drafts"].lazy.compactMap { value[$0]?.int }.first
    }
}
