import EdisonCore
import EdisonDatasets
import EdisonEvaluation
import EdisonExperiments
import EdisonLLM
import EdisonPrompts
import Testing

@Suite("The parts of an experiment file")
struct ExperimentFilePartsTests {
    @Test("columns are mapped to where they belong")
    func mapping() throws {
        let dataset =
            "- { file: cases.csv, kind: synthetic, mapping: { Text: input.message, Queue: expected, Area: tags } }"
        let definition = try SampleFile.definition(
            try SampleFile.with("- cases:\n      - { input: { message: Hello } }", dataset),
            files: ["cases.csv": Array("Text;Queue;Area\nHello;greeting;a|b\n".utf8)])
        let testCase = try #require(definition.cases.first)
        #expect(testCase.input == ["message": "Hello"])
        #expect(testCase.expected == "greeting")
        #expect(testCase.tags == ["a", "b"])
        #expect(testCase.kind == .synthetic)
    }

    @Test("checks alone need no judge")
    func checksAlone() throws {
        let text = try SampleFile.with(
            "- { name: Tone, weight: 0.4 }", "- { name: Tone, weight: 0.4, check: { max_words: 20 } }"
        ).replacing(
            "{ name: Queue, weight: 0.6 }",
            with: "{ name: Queue, weight: 0.6, check: { equals: \"{expected}\" }, gate: true }"
        )
        .replacing("judges:\n  - { provider: main, model: judge }\n", with: "")
        let definition = try SampleFile.definition(text)
        #expect(definition.judges.isEmpty)
        #expect(definition.rubric.judged.isEmpty)
        #expect(definition.rubric.criteria.map(\.gate) == [true, false])
    }

    @Test("a case may bring its own checks, and a conversation")
    func caseParts() throws {
        let text = try SampleFile.with(
            "- { input: { message: Hello } }",
            "- { input: { message: Hello, messages: [ { role: user, content: Hi } ] }, checks: [ { contains: hello } ] }"
        )
        let testCase = try #require(try SampleFile.definition(text).cases.first)
        #expect(testCase.checks == [["contains": "hello"]])
        #expect(testCase.input["messages"] == [["role": "user", "content": "Hi"]])
    }

    @Test("a prompt may be one text, a conversation, and have examples and tools")
    func promptForms() throws {
        #expect(
            try SampleFile.definition(
                try SampleFile.with("prompt:\n  text: \"Message: {{message}}\"", "prompt: \"Sort {{message}}\"")
            ).prompt.text == "Sort {{message}}")
        let chat = """
            prompt:
              messages:
                - { role: system, content: You sort. }
                - { role: user, content: "Sort {{message}}" }
              few_shots: [ { user: Hi, assistant: greeting } ]
              tools: [ { type: function, function: { name: queue } } ]
            """
        let prompt = try SampleFile.definition(
            try SampleFile.with("prompt:\n  text: \"Message: {{message}}\"", chat)
        ).prompt
        #expect(prompt.messages.map(\.role) == ["system", "user"])
        #expect(prompt.fewShots == [FewShot(user: "Hi", assistant: "greeting")])
        #expect(prompt.toolsSchema?[0]?["function"]?["name"] == "queue")
    }

    @Test("a prompt without variables is right when every case brings a conversation")
    func conversationCases() throws {
        let text = try SampleFile.with(#"text: "Message: {{message}}""#, "system: You chat.\n  text: Go on.")
            .replacing("{ message: Hello }", with: "{ messages: [ { role: user, content: Hi } ] }")
        #expect(throws: Never.self) { try SampleFile.read(text) }
    }

    @Test("fields that the prompt does not use are a warning")
    func unusedFields() throws {
        let file = try SampleFile.read(
            try SampleFile.with("{ message: Hello }", "{ message: Hello, city: Bern, age: 3 }"))
        #expect(file.warnings.contains { $0.contains("age, city") })
    }

    @Test("missing and unused fields are all reported at once")
    func missingAndUnused() throws {
        let text = try SampleFile.with(#""Message: {{message}}""#, #""{{message}} {{city}} {{name}}""#)
            .replacing("{ message: Hello }", with: "{ message: Hello, age: 3 }")
        let error = #expect(throws: EdisonError.self) { try SampleFile.read(text) }
        let messages = error?.issues.map(\.message).joined(separator: "\n") ?? ""
        #expect(messages.contains("{{city}}"))
        #expect(messages.contains("{{name}}"))
        #expect(messages.contains("age"))
    }

    @Test("an anchor can be used again")
    func anchors() throws {
        let text = try SampleFile.with("model: small }", "model: small, price: &p { input: 1, output: 2 } }")
            .replacing("model: refiner }", with: "model: refiner, price: *p }")
            .replacing("{ message: Hello }", with: "{ message: &m Hello, again: *m }")
        let definition = try SampleFile.definition(text)
        #expect(definition.refiner?.reference.price == definition.models.first?.reference.price)
        #expect(definition.cases.first?.input["again"] == "Hello")
    }

    /// YAML 1.1 would make truth values, octals and minutes of them.
    @Test(
        "plain words and figures of a case stay what a person wrote",
        arguments: [
            ("yes", "yes"), ("no", "no"), ("on", "on"), ("Off", "Off"), ("12:30", "12:30"), ("0123", "0123"),
            ("1_000", "1_000"),
            ("2024-01-31", "2024-01-31"), ("true", true), ("false", false), ("42", 42), ("-1.5", -1.5), ("null", nil),
            (#""42""#, "42"), ("'true'", "true"),
        ] as [(String, JSONValue)])
    func scalars(_ text: String, _ value: JSONValue) throws {
        let file = try SampleFile.with("{ message: Hello }", "{ message: Hello, value: \(text) }")
        #expect(try SampleFile.definition(file).cases.first?.input["value"] == value)
    }

    @Test("equal cases are numbered over all datasets")
    func occurrences() throws {
        let text = try SampleFile.with(
            "- { input: { message: Hello } }",
            "- { input: { message: Hello } }\n  - cases: [ { input: { message: Hello } } ]")
        #expect(try SampleFile.definition(text).cases.map(\.occurrence) == [0, 1])
    }

    @Test("variants take what they don't say from the file")
    func variants() throws {
        let text = SampleFile.adding(
            """
            variants:
              - { name: first }
              - { name: warm, parameters: { temperature: 1 } }
              - { name: other, model: large, provider: main }
              - { name: worded, prompt: "Queue of {{message}}" }
            """)
        let variants = try SampleFile.read(text, purpose: .eval).definition.variants
        #expect(variants.map(\.name) == ["first", "warm", "other", "worded"])
        #expect(variants.map(\.model.reference.model) == ["small", "small", "large", "small"])
        #expect(variants.map(\.model.parameters.temperature) == [nil, 1, nil, nil])
        #expect(
            variants.map(\.prompt.text) == Array(repeating: "Message: {{message}}", count: 3) + ["Queue of {{message}}"]
        )
    }

    @Test("what a model is to draft is asked for")
    func drafting() throws {
        let text = try SampleFile.with(
            "rubric:\n  - { name: Queue, weight: 0.6 }\n  - { name: Tone, weight: 0.4 }\nprompt:\n  text: \"Message: {{message}}\"",
            "rubric: { draft: true }\nprompt: { draft: 3 }"
        ).replacing("- cases:\n      - { input: { message: Hello } }", with: "- { generate: 40 }")
        var expected = DraftingRequest()
        expected.rubric = true
        expected.prompts = 3
        expected.cases = 40
        #expect(try SampleFile.definition(text).drafting == expected)
    }
}
