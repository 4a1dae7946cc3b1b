import EdisonCore
import EdisonLLM
import Testing

@Suite struct StructuredAnswerTests {
    @Test(
        "the object is found whatever stands around it",
        arguments: [
            #"{"a":1}"#,
            "\u{FEFF}  \n{\"a\":1}\n",
            "```json\n{\"a\":1}\n```",
            "Sure! Here it is:\n\n{\"a\":1}\n\nAnything else?",
            "The set {x, y} holds, so: {\"a\": 1}",
            "<think>maybe {\"a\":2}, no</think>\n{\"a\":1}",
            "{\"a\":1,}",
            "{ oops { \"a\": 1 , \n } ",
        ])
    func found(text: String) {
        #expect(StructuredAnswer.json(in: text) == ["a": 1])
    }

    @Test("what is not JSON is no answer", arguments: ["", "no", "{a:1}", "{'a':1}", "[1]", #"{"a":1"#, "{,}"])
    func refused(text: String) {
        #expect(StructuredAnswer.json(in: text) == nil)
    }

    @Test("braces, quotes and commas inside texts stay")
    func texts() {
        let text = #"so {"a":"} {\" ,]","b":["x,]",],} ok"#
        #expect(StructuredAnswer.json(in: text) == ["a": "} {\" ,]", "b": ["x,]"]])
    }

    @Test("of several objects the one that fits the schema counts")
    func several() {
        let schema = JSONSchema(["type": "object", "required": ["winner"]])
        let text = #"Criteria {"weight": 2} weighed. {"winner": "tie"}"#
        #expect(StructuredAnswer.json(in: text, fitting: schema) == ["winner": "tie"])
        #expect(StructuredAnswer.json(in: text) == ["weight": 2])
    }

    @Test("an answer that breaks its schema is refused in words that name the place")
    func read() {
        let schema = JSONSchema([
            "type": "object", "required": ["score"], "additionalProperties": false,
            "properties": ["score": ["type": "integer", "minimum": 1, "maximum": 5]],
        ])
        #expect(StructuredAnswer.read(#"{"score": 3}"#, schema) == .success(["score": 3]))
        #expect(failure(#"{"score": 9}"#, schema) == "score must be at most 5")
        #expect(failure(#"{"scores": 3}"#, schema) == "score is missing; scores is not allowed")
        #expect(failure("I can't.", schema) == "the answer holds no JSON object")
    }

    private func failure(_ text: String, _ schema: JSONSchema) -> String? {
        if case .failure(let fault) = StructuredAnswer.read(text, schema) { fault.description } else { nil }
    }

    @Test("a text of nothing but opening braces is given up")
    func hostile() {
        #expect(StructuredAnswer.json(in: String(repeating: "{", count: 200_000)) == nil)
    }
}
