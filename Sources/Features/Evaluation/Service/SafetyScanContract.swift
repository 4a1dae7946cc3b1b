package import EdisonCore
package import EdisonLLM
import EdisonResources

/// The structured call `safety_scan`: one text is looked at for four kinds of harm, without a goal or a rubric.
package struct SafetyScanContract: Sendable {
    private let systemPrompt: String?

    package init(systemPrompt: String? = nil) { self.systemPrompt = systemPrompt }

    package func request(text: String) throws -> StructuredRequest {
        StructuredRequest(
            schema: Self.schema, instructions: try systemPrompt ?? Asset.text("Evaluation/Prompts/safety_scan.txt"),
            sections: [TaggedSection("text", text)], check: { Self.faults(in: $0) })
    }

    private static let names = SafetyFlags().json.object?.keys ?? []

    private static var schema: ResponseSchema {
        var members = JSONObject(names.map { ($0, ["type": "boolean"] as JSONValue) })
        members["evidence"] = ["type": "string"]
        return ResponseSchema(name: "safety_scan", schema: .schemaObject(title: "safety_scan", members))
    }

    /// Evidence helps a person; the four flags are what counts.
    static func faults(in answer: JSONValue) -> [String] {
        names.filter { answer[$0]?.bool == nil }.map { "\"\($0)\" must be true or false" }
    }

    package static func evidence(in answer: JSONValue) -> String {
        String((answer["evidence"]?.string ?? "").prefix(500))
    }

    /// What several samples of one scanner say together: each flag by majority, in the words of a sample that agrees.
    package static func agreed(_ answers: [JSONValue]) -> JSONValue {
        var object = JSONObject(
            names.map { name in (name, .bool(answers.count { $0[name]?.bool == true } * 2 > answers.count)) })
        let flags = SafetyFlags(json: .object(object))
        let speaker = answers.first { SafetyFlags(json: $0) == flags } ?? answers[0]
        object["evidence"] = .string(evidence(in: speaker))
        return .object(object)
    }
}
