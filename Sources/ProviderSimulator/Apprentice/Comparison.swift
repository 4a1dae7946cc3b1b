internal import EdisonCore

/// Answers the structured call `comparison`: which of two answers is better.
struct Comparison: Sendable {
    private let rubric: RubricReading
    private let first: AnswerReading
    private let second: AnswerReading
    private let seed: UInt64
    private let model: String
    private let character: JudgeCharacter

    init(tasks: [ApprenticeTask], request: SimulatedRequest) {
        let sections = request.sections
        let outputs = (sections["output_1"] ?? "", sections["output_2"] ?? "")
        let input = sections["case_input"] ?? ""
        let context = [sections["goal"], sections["rubric"], input].compactMap(\.self).joined(separator: "\n")
        let task = tasks.recognised(in: Words.normalised(outputs.0 + "\n" + outputs.1)) ?? tasks.closest(to: context)
        let criteria = request.schema?["properties"]?["criteria"]?["properties"].map {
            JSONValue.object(["properties": .object(["scores": .object(["properties": $0])])])
        }
        rubric = RubricReading(rubric: sections["rubric"] ?? "", schema: criteria, task: task)
        first = AnswerReading(outputs.0, task: task, input: input, expected: sections["expected"])
        second = AnswerReading(outputs.1, task: task, input: input, expected: sections["expected"])
        seed = request.seed
        model = request.model
        character = JudgeCharacter(model: request.model)
    }

    var answer: JSONValue {
        var verdicts = JSONObject()
        var lead = 0.0
        var weights = 0.0
        for criterion in rubric.criteria {
            let difference = seen(first, criterion) - seen(second, criterion) + character.positionBias
            verdicts[criterion.name] = .string(verdict(difference))
            lead += criterion.weight * difference
            weights += criterion.weight
        }
        lead = weights > 0 ? lead / weights : 0
        return [
            "reasoning": "I read both answers against each criterion before I looked at the whole.",
            "winner": .string(verdict(lead)), "criteria": .object(verdicts),
            "rationale": .string(Words.clipped(rationale(verdict(lead)), to: 480)),
        ]
    }

    /// The noise belongs to the answer, not to its place, so that a swapped order differs by the position bias alone.
    private func seen(_ reading: AnswerReading, _ criterion: RubricReading.Criterion) -> Double {
        character.perceived(
            reading.quality(of: criterion.requirements), length: reading.text.count,
            draw: Draw(seed, model, reading.text), use: criterion.name)
    }

    private func verdict(_ difference: Double) -> String { abs(difference) < 0.03 ? "tie" : difference > 0 ? "1" : "2" }

    private func rationale(_ winner: String) -> String {
        let all = first.task.requirements
        switch winner {
        case "1": return reason("1", better: first, worse: second, all)
        case "2": return reason("2", better: second, worse: first, all)
        default: return "Both answers do about the same things well."
        }
    }

    private func reason(_ name: String, better: AnswerReading, worse: AnswerReading, _ all: [Requirement]) -> String {
        let ids = Set(worse.met(of: all).map(\.id))
        let gains = better.met(of: all).filter { !ids.contains($0.id) }.prefix(3).map(\.good)
        return gains.isEmpty
            ? "Answer \(name) is a little better on the whole."
            : "Answer \(name) \(gains.joined(separator: ", ")), which the other does not."
    }
}
