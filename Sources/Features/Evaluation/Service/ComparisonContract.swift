package import EdisonCore
package import EdisonLLM
import EdisonResources

/// The structured call `comparison`: one judge says which of two outputs of a case is better.
package struct ComparisonContract: Sendable {
    package let goal: String
    package let rubric: Rubric

    package init(goal: String, rubric: Rubric) {
        self.goal = goal
        self.rubric = rubric
    }

    package func request(
        judge: Judge, case judged: JudgedCase, first: String, second: String
    ) throws -> StructuredRequest {
        let criteria = JSONValue.array(rubric.criteria.map(\.json))
        let sections =
            [TaggedSection("goal", goal), TaggedSection("rubric", criteria.text(.pretty))] + judged.sections
            + [TaggedSection("output_1", first), TaggedSection("output_2", second)]
        return StructuredRequest(
            schema: schema,
            instructions: try judge.systemPrompt ?? Asset.text("Evaluation/Prompts/comparison.txt"),
            sections: sections, check: { Self.faults(in: $0) })
    }

    private var schema: ResponseSchema {
        let choice: JSONValue = ["type": "string", "enum": ["1", "2", "tie"]]
        let criteria = JSONObject(rubric.criteria.map { ($0.name, choice) })
        return ResponseSchema(
            name: "comparison",
            schema: .schemaObject(
                title: "comparison",
                [
                    "reasoning": ["type": "string"], "winner": choice, "criteria": .schemaObject(criteria),
                    "rationale": ["type": "string"],
                ]))
    }

    static func faults(in answer: JSONValue) -> [String] {
        winner(in: answer) == nil ? ["\"winner\" must be \"1\", \"2\" or \"tie\""] : []
    }

    /// What several samples of one judge say together.
    package static func agreed(_ answers: [JSONValue]) -> JSONValue { SampleAgreement.comparison(answers) }

    /// Models write the slot as text or as a number.
    package static func winner(in answer: JSONValue) -> Judgment.Winner? {
        let word = answer["winner"]?.string ?? answer["winner"]?.int.map(String.init) ?? ""
        return Judgment.Winner(rawValue: word.lowercased())
    }
}
