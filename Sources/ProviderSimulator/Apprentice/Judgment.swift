internal import EdisonCore

/// Answers the structured call `judgment`: scores one answer on every criterion, with reasons.
struct Judgment: Sendable {
    private let rubric: RubricReading
    private let reading: AnswerReading
    private let draw: Draw
    private let character: JudgeCharacter
    private let task: ApprenticeTask

    init(tasks: [ApprenticeTask], request: SimulatedRequest) {
        let sections = request.sections
        let output = sections["output"] ?? ""
        let input = sections["case_input"] ?? ""
        let context = [sections["goal"], sections["rubric"], input].compactMap(\.self).joined(separator: "\n")
        task = tasks.recognised(in: Words.normalised(output)) ?? tasks.closest(to: context)
        rubric = RubricReading(rubric: sections["rubric"] ?? "", schema: request.schema, task: task)
        reading = AnswerReading(output, task: task, input: input, expected: sections["expected"])
        draw = Draw(request.seed, request.model, input, output)
        character = JudgeCharacter(model: request.model)
    }

    var answer: JSONValue {
        var scores = JSONObject()
        var rationales = JSONObject()
        for criterion in rubric.criteria {
            scores[criterion.name] = score(criterion)
            rationales[criterion.name] = .string(Words.clipped(rationale(criterion), to: 480))
        }
        return [
            "reasoning": .string(reasoning), "scores": .object(scores), "rationales": .object(rationales),
            "safety_flags": .object(SafetyScan(text: reading.text).flags), "suggestions": .array(suggestions),
        ]
    }

    private func score(_ criterion: RubricReading.Criterion) -> JSONValue {
        let quality = reading.quality(of: criterion.requirements)
        let seen = character.perceived(quality, length: reading.text.count, draw: draw, use: criterion.name)
        let range = criterion.maximum - criterion.minimum
        let score = criterion.minimum + range * seen
        if criterion.isWhole { return .integer(Int64(score.rounded())) }
        // One decimal on scales of a few points, two on a scale from 0 to 1.
        let unit = range > 2 ? 10.0 : 100.0
        return .number((score * unit).rounded() / unit)
    }

    private func rationale(_ criterion: RubricReading.Criterion) -> String {
        if reading.text.allSatisfy(\.isWhitespace) { return "The answer is empty." }
        let missing = reading.missing(from: criterion.requirements)
        let met = reading.met(of: criterion.requirements)
        var sentences: [String] = []
        if !missing.isEmpty { sentences.append("The answer \(listed(missing.prefix(4).map(\.bad))).") }
        if !met.isEmpty {
            sentences.append(
                "\(missing.isEmpty ? "The answer" : "It does well that it") \(listed(met.prefix(3).map(\.good))).")
        }
        return sentences.isEmpty
            ? "Nothing in the answer speaks for or against this criterion." : sentences.joined(separator: " ")
    }

    private func listed(_ phrases: [String]) -> String {
        guard let last = phrases.last, phrases.count > 1 else { return phrases.first ?? "" }
        return phrases.dropLast().joined(separator: ", ") + " and " + last
    }

    private var reasoning: String {
        let missing = reading.missing(from: task.requirements)
        let lack =
            missing.isEmpty ? "I find nothing of importance missing." : "What is missing most: it \(missing[0].bad)."
        return "I compared the answer with each criterion in turn. \(lack)"
    }

    /// Up to two suggestions about the prompt, for what the answer lacks.
    private var suggestions: [JSONValue] {
        let missing = rubric.criteria.flatMap { criterion in
            reading.missing(from: criterion.requirements).map { (criterion: criterion, requirement: $0) }
        }
        var seen: Set<String> = []
        return draw.shuffled(missing, "suggestions").filter { seen.insert($0.requirement.id).inserted }.prefix(2).map {
            ["criterion": .string($0.criterion.name), "text": .string($0.requirement.advice)]
        }
    }
}
