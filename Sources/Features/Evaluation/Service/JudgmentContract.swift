package import EdisonCore
package import EdisonLLM
import EdisonResources
import EdisonText

/// What a judge is shown about one case.
package struct JudgedCase: Sendable {
    package let input: JSONValue
    package let expected: JSONValue?

    package init(input: JSONValue, expected: JSONValue?) {
        self.input = input
        self.expected = expected
    }

    var sections: [TaggedSection] {
        [TaggedSection("case_input", Self.text(input))]
            + (expected.map { [TaggedSection("expected", Self.text($0))] } ?? [])
    }

    /// A value that is one text is shown as this text, anything else as JSON.
    static func text(_ value: JSONValue) -> String {
        if let text = value.string { return text }
        if let object = value.object, object.count == 1, let text = object.members.first?.value.string { return text }
        return value.text(.pretty)
    }
}

/// The structured call `judgment`: one judge scores one output on every criterion.
package struct JudgmentContract: Sendable {
    package let goal: String
    package let rubric: Rubric
    /// Shown when the judge is to suggest changes of it.
    package let prompt: String?

    package init(goal: String, rubric: Rubric, prompt: String?) {
        self.goal = goal
        self.rubric = rubric
        self.prompt = prompt
    }

    package func request(judge: Judge, case judged: JudgedCase, output: String) throws -> StructuredRequest {
        let rubricJSON = JSONValue.array(rubric.judged.map(\.json))
        var sections = [TaggedSection("goal", goal), TaggedSection("rubric", rubricJSON.text(.pretty))]
        if let prompt { sections.append(TaggedSection("prompt", prompt)) }
        sections += judged.sections
        sections.append(TaggedSection("output", output))
        return StructuredRequest(
            schema: schema, instructions: try judge.systemPrompt ?? instructions(thinking: judge.thinking),
            sections: sections, check: { faults(in: $0) })
    }

    private func instructions(thinking: Thinking) throws -> String {
        let words =
            switch thinking {
            case .direct, .native: "\nLeave \"reasoning\" empty."
            case .reason, .selfConsistency, .sequential:
                "\nFirst write down your reasoning, briefly, in \"reasoning\"; then score."
            }
        return try Template(try Asset.text("Evaluation/Prompts/judgment.txt")).render(["thinking": .string(words)])
    }

    private var schema: ResponseSchema {
        let names = rubric.judged.map(\.name)
        let scores = JSONObject(
            rubric.judged.map { criterion in
                (
                    criterion.name,
                    [
                        "type": "number", "minimum": .number(criterion.scale.min),
                        "maximum": .number(criterion.scale.max),
                    ] as JSONValue
                )
            })
        let rationales = JSONObject(names.map { ($0, ["type": "string"] as JSONValue) })
        let flags = JSONObject(
            ["policy_violation", "pii_detected", "toxic_content", "jailbreak_attempt"]
                .map { ($0, ["type": "boolean"] as JSONValue) })
        return ResponseSchema(
            name: "judgment",
            schema: .schemaObject(
                title: "judgment",
                [
                    "reasoning": ["type": "string"],
                    "scores": .schemaObject(scores),
                    "rationales": .schemaObject(rationales),
                    "safety_flags": .schemaObject(flags),
                    "suggestions": [
                        "type": "array",
                        "items": .schemaObject(["criterion": ["type": "string"], "text": ["type": "string"]]),
                    ],
                ]))
    }

    /// The rules that make a judgment invalid. Rationales, flags and suggestions help, but scores are what counts.
    func faults(in answer: JSONValue) -> [String] {
        guard let scores = answer["scores"]?.object else { return ["\"scores\" is missing"] }
        var faults: [String] = []
        for criterion in rubric.judged {
            let scale = criterion.scale
            guard let score = scores[criterion.name]?.double else {
                faults.append("scores lacks a number for \"\(criterion.name)\"")
                continue
            }
            if scale.normalise(score) == nil {
                faults.append("the score of \"\(criterion.name)\" must lie between \(scale.min) and \(scale.max)")
            }
        }
        for name in scores.keys where rubric[name] == nil {
            faults.append("scores holds \"\(name)\", which is not in the rubric")
        }
        return faults
    }

    package func scores(in answer: JSONValue) -> [String: Double] {
        Dictionary(
            rubric.judged.compactMap { criterion in
                answer["scores"]?[criterion.name]?.double.map { (criterion.name, $0) }
            }, uniquingKeysWith: { first, _ in first })
    }

    package static func rationales(in answer: JSONValue) -> [String: String] {
        Dictionary(
            (answer["rationales"]?.object?.members ?? []).compactMap { key, value in
                value.string.map { (key, String($0.prefix(500))) }
            }, uniquingKeysWith: { first, _ in first })
    }

    package static func suggestions(in answer: JSONValue) -> [JudgeSuggestion] {
        (answer["suggestions"]?.array ?? []).prefix(5).compactMap { item in
            item["text"]?.string.map { text in
                JudgeSuggestion(criterion: item["criterion"]?.string ?? "", text: String(text.prefix(300)))
            }
        }
    }
}
