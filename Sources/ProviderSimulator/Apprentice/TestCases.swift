internal import EdisonCore

/// Answers the structured call `test_cases`: inputs for the goal, spread over the cells that are asked for.
struct TestCases: Sendable {
    private let task: ApprenticeTask
    private let sections: TaggedText
    private let draw: Draw
    private let schema: JSONValue?

    init(tasks: [ApprenticeTask], request: SimulatedRequest) {
        sections = request.sections
        schema = request.schema
        task = tasks.closest(
            to: ["goal", "domain", "prompt", "examples"].compactMap { request.sections[$0] }.joined(separator: "\n"))
        draw = Draw(request.seed, request.model, request.lastUser)
    }

    var answer: JSONValue {
        let coverage = sections["coverage"] ?? ""
        let count = Quantity.asked(in: coverage) ?? Quantity.asked(in: sections["domain"] ?? "") ?? 5
        let cells = (try? JSONValue(parsing: coverage)).flatMap { $0.array ?? $0["cells"]?.array } ?? []
        let samples = SampleInputs(task: task, draw: draw)
        let avoided = sections["avoid"] ?? ""
        let inputs =
            cells.isEmpty
            ? samples.first(min(count, 100), avoiding: avoided)
            : WantedInputs(samples: samples).written(for: cells, most: 100, avoiding: avoided)
        return ["cases": .array(inputs.map(testCase))]
    }

    private func testCase(_ input: SampleInputs.Input) -> JSONValue {
        let topic = task.topic(of: Words.split(input.text))
        var fields = JSONObject()
        for name in variables { fields[name] = .string(name == variables.first ? input.text : topic.name) }
        var testCase: JSONObject = [
            "input": .object(fields), "tags": [.string(input.tag)],
            "difficulty": .integer(Int64(min(5, max(1, input.difficulty)))), "language": "en",
        ]
        let label = topic.label.isEmpty ? task.fallback.label : topic.label
        if !label.isEmpty { testCase["expected"] = .string(label) }
        return .object(testCase)
    }

    /// The names of the template's variables; else the keys of an example's input; else `input`.
    private var variables: [String] {
        var names: [String] = []
        var rest = Substring(sections["prompt"] ?? "")
        while let open = rest.firstRange(of: "{{"), let close = rest[open.upperBound...].firstRange(of: "}}") {
            let name = Words.trimmed(rest[open.upperBound..<close.lowerBound])
            let isName = name.allSatisfy { $0.isLetter || $0.isNumber || $0 == "_" }
            if isName, !name.isEmpty, !names.contains(name) { names.append(name) }
            rest = rest[close.upperBound...]
        }
        if !names.isEmpty { return names }
        let examples = try? JSONValue(parsing: sections["examples"] ?? "")
        let example = examples?.array?.first ?? examples
        return (example?["input"] ?? example)?.object?.keys ?? ["input"]
    }
}
