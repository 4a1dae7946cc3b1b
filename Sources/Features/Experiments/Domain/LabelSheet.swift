package import EdisonCore
package import EdisonEvaluation

/// What a person is asked to score: outputs with their cases, blind to version, model and judges.
package struct LabelSheet: Sendable {
    package struct Item: Sendable, Hashable {
        package let output: Output.ID
        package let input: JSONValue
        package let expected: JSONValue?
        package let text: String
    }

    package let name: String
    package let criteria: [Criterion]
    /// In the order in which they are shown.
    package let items: [Item]
    /// How many cases are picked, and how many there are.
    package let picked: Int
    package let available: Int
    /// What this person said before.
    package var labels: [Output.ID: Label]

    package var unlabelled: [Item] { items.filter { labels[$0.output] == nil } }

    /// One line of JSON for each output; scores that nobody gave are null, to be filled in.
    package var lines: String {
        items.map { item in
            var object: JSONObject = ["output_id": .string(item.output.text), "input": item.input]
            object["expected"] = item.expected
            object["output"] = .string(item.text)
            object["criteria"] = .array(
                criteria.map { criterion in
                    [
                        "name": .string(criterion.name), "description": .string(criterion.description),
                        "scale": criterion.scale.json,
                    ]
                })
            let scores = labels[item.output]?.scores ?? [:]
            object["scores"] = .object(JSONObject(criteria.map { ($0.name, JSONValue(scores[$0.name])) }))
            return JSONValue.object(object).text() + "\n"
        }.joined()
    }
}
