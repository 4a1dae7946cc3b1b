import EdisonCore
import EdisonDatasets
import EdisonEvaluation
import EdisonExperiments
import EdisonLLM
import EdisonPrompts
import Foundation
import Testing

@Suite("The experiment file")
struct ExperimentFileTests {
    private static let whole = """
        name: Support triage
        goal: Sort an incoming customer message into one queue and answer politely.
        rubric:
          - { name: Correct queue, description: "Names the right queue", weight: 0.6, scale: { min: 0, max: 5 } }
          - { name: Tone, description: "Polite and calm", weight: 0.4, scale: { min: 0, max: 5 } }
        prompt:
          system: You sort customer messages.
          text: "Message: {{message}}"
        providers:
          main: { provider: openai-compatible, base_url: "${EDISON_LLM_URL}", api_key: "${EDISON_LLM_KEY}" }
        models:
          - { provider: main, model: small-model, parameters: { temperature: 0 }, price: { input: 0.15, output: 0.60 } }
        judges:
          - { provider: main, model: judge-a }
          - { provider: main, model: judge-b, mode: pairwise }
        refiner: { provider: main, model: refiner }
        datasets:
          - { file: cases.jsonl, kind: golden }
          - { cases: [ { input: { message: "My card was charged twice" }, expected: billing, tags: [billing], difficulty: 2 } ] }
        holdout: 0.3
        stop: { max_iterations: 8, min_delta: 0.02, convergence_window: 3, max_budget_usd: 2.00 }
        review: automatic
        seed: 7
        """

    private static let environment = ["EDISON_LLM_URL": "http://127.0.0.1:9/v1", "EDISON_LLM_KEY": "sk-secret"]
    private static let cases = Array(#"{"input": {"message": "Where is it?"}, "expected": "shipping"}"#.utf8)

    @Test("the example of the manual is read in full")
    func wholeExample() throws {
        let file = try SampleFile.read(
            Self.whole, files: ["cases.jsonl": Self.cases], environment: Self.environment)
        let definition = file.definition
        #expect(definition.name == "Support triage")
        #expect(definition.rubric.criteria.map(\.name) == ["Correct queue", "Tone"])
        #expect(definition.rubric.criteria.map(\.weight) == [0.6, 0.4])
        #expect(definition.prompt == PromptContent(text: "Message: {{message}}", systemText: "You sort customer messages."))
        let model = try #require(definition.models.first)
        #expect(model.name == "small-model")
        #expect(model.parameters.temperature == 0)
        #expect(model.reference.endpoint.baseURL == "http://127.0.0.1:9/v1")
        #expect(model.reference.endpoint.apiKey?.revealed == "sk-secret")
        #expect(model.reference.price?.input == Money.PerMillionTokens(nanodollars: 150_000_000))
        #expect(model.reference.price?.output == Money.PerMillionTokens(nanodollars: 600_000_000))
        #expect(definition.judges.map(\.judge.mode) == [.pointwise, .pairwise])
        #expect(definition.judges.map(\.judge.temperature) == [0, 0])
        #expect(definition.refiner?.reference.model == "refiner")
        #expect(definition.cases.map(\.expected) == ["shipping", "billing"])
        #expect(definition.cases.last?.tags == ["billing"])
        #expect(definition.cases.last?.difficulty == 2)
        #expect(definition.holdout == 0.3)
        #expect(definition.reserve == nil)
        #expect(definition.stop.maxIterations == 8)
        #expect(definition.stop.maxBudget == Money(nanodollars: 2_000_000_000))
        #expect(definition.seed == 7)
        #expect(file.rejectedRows.isEmpty)
        #expect(definition.drafting == nil)
        #expect(file.warnings.isEmpty)
    }

    @Test("what a file does not say has the product's defaults")
    func defaults() throws {
        let definition = try SampleFile.definition()
        #expect(definition.stop == StopRules())
        #expect(definition.stop.maxIterations == 10)
        #expect(definition.stop.minDelta == 0.02)
        #expect(definition.stop.convergenceWindow == 3)
        #expect(definition.stop.maxBudget == nil)
        #expect(definition.loop == LoopSettings())
        #expect(definition.loop.mode == nil)
        #expect(definition.loop.replicates == 1)
        #expect(definition.review == .automatic)
        #expect(definition.seed == 1)
        #expect(definition.holdout == nil)
        #expect(definition.models.first?.parameters == ModelParameters())
        #expect(definition.judges.first?.judge.temperature == 0)
        #expect(definition.judges.first?.judge.mode == .pointwise)
        #expect(definition.judges.first?.judge.thinking == .reason)
        #expect(definition.rubric.criteria.first?.scale == Scale(min: 0, max: 5))
        #expect(definition.cases.first?.difficulty == 3)
        #expect(definition.cases.first?.kind == .golden)
        #expect(definition.compare == nil)
    }

    @Test("files stand relative to the experiment file, and a byte order mark does no harm")
    func relativeFiles() throws {
        let text = try SampleFile.with(#"text: "Message: {{message}}""#, "file: prompts/triage.md")
            .replacing("- cases:\n      - { input: { message: Hello } }", with: "- { file: data/cases.csv }")
        let bom: [UInt8] = [0xEF, 0xBB, 0xBF]
        let files = [
            "run/triage.yaml": bom + Array(text.utf8), "run/prompts/triage.md": bom + Array("Read: {{message}}\n".utf8),
            "run/data/cases.csv": bom + Array("message,expected\nHello,greeting\n".utf8),
        ]
        try SampleFile.inFolder(files) { folder in
            let path = folder.appendingPathComponent("run/triage.yaml").path
            let definition = try ExperimentFile.read(path: path, environment: [:], purpose: .refine).definition
            #expect(definition.prompt.text == "Read: {{message}}\n")
            #expect(definition.cases.map(\.input["message"]) == ["Hello"])
            #expect(definition.cases.first?.expected == "greeting")
            #expect(definition.file == URL(fileURLWithPath: path).standardizedFileURL.path)
        }
    }

    @Test("a file that is not there, or is not UTF-8, is named")
    func unreadable() throws {
        try SampleFile.inFolder(["latin.yaml": [0x6E, 0xE9]]) { folder in
            for name in ["nowhere.yaml", "latin.yaml"] {
                let error = #expect(throws: EdisonError.self) {
                    try ExperimentFile.read(
                        path: folder.appendingPathComponent(name).path, environment: [:], purpose: .refine)
                }
                #expect(error?.message.contains(name) == true)
            }
        }
    }

    @Test("rows that cannot be read are reported, and the others are run")
    func badRows() throws {
        let file = try SampleFile.read(
            try SampleFile.with("- cases:\n      - { input: { message: Hello } }", "- { file: cases.jsonl }"),
            files: ["cases.jsonl": Array("{\"input\": {\"message\": \"a\"}}\nno json\n{\"expected\": 1}\n".utf8)])
        #expect(file.definition.cases.count == 1)
        #expect(file.rejectedRows.count == 2)
        #expect(file.rejectedRows[0].contains("cases.jsonl, row 2"))
        #expect(file.rejectedRows[1].contains("cases.jsonl, row 3"))
    }

    @Test("columns are mapped to where they belong")
    func mapping() throws {
        let dataset = "- { file: cases.csv, kind: synthetic, mapping: { Text: input.message, Queue: expected, Area: tags } }"
        let definition = try SampleFile.definition(
            try SampleFile.with("- cases:\n      - { input: { message: Hello } }", dataset),
            files: ["cases.csv": Array("Text;Queue;Area\nHello;greeting;a|b\n".utf8)])
        let testCase = try #require(definition.cases.first)
        #expect(testCase.input == ["message": "Hello"])
        #expect(testCase.expected == "greeting")
        #expect(testCase.tags == ["a", "b"])
        #expect(testCase.kind == .synthetic)
    }

    @Test("variables come from the environment, or from a .env beside the file that the environment stands above")
    func environmentVariables() throws {
        let text = try SampleFile.with("api_key: sk-1", #"api_key: "pre-${KEY}-${OTHER}""#)
        let dotenv = "# keys\nexport KEY='from file'\nOTHER = \"also\"\n"
        func key(_ variables: [String: String]) throws -> String? {
            try SampleFile.read(text, files: [".env": Array(dotenv.utf8)], environment: variables)
                .definition.models.first?.reference.endpoint.apiKey?.revealed
        }
        #expect(try key([:]) == "pre-from file-also")
        #expect(try key(["KEY": "given"]) == "pre-given-also")
    }

    @Test("without address and key a provider reads its usual variables")
    func usualVariables() throws {
        let text = try SampleFile.with("{ provider: openai-compatible, base_url: \"http://127.0.0.1:9/v1\", api_key: sk-1 }", "{ provider: openai }")
        let definition = try SampleFile.read(text, environment: ["OPENAI_API_KEY": "sk-usual"]).definition
        let endpoint = try #require(definition.models.first?.reference.endpoint)
        #expect(endpoint.apiKey?.revealed == "sk-usual")
        #expect(endpoint.baseURL == "https://api.openai.com/v1")
        #expect(endpoint.credentialID == "main")
    }

    @Test("a model of one's own Ollama needs no entry under providers and costs nothing")
    func ollama() throws {
        let text = try SampleFile.with("{ provider: main, model: small }", "{ provider: ollama, model: llama3 }")
        let model = try #require(
            SampleFile.read(text, environment: ["OLLAMA_HOST": "127.0.0.1:7"]).definition.models.first)
        #expect(model.reference.endpoint.baseURL == "http://127.0.0.1:7")
        #expect(PriceTable([]).price(of: model.reference, at: .now) == .free)
    }

    @Test("models and judges that stand twice are told apart by a number")
    func names() throws {
        let text = try SampleFile.with(
            "  - { provider: main, model: judge }",
            "  - { provider: main, model: judge }\n  - { provider: main, model: judge }\n  - { provider: main, model: judge, name: strict }")
        #expect(try SampleFile.definition(text).judges.map(\.judge.name) == ["judge", "judge#2", "strict"])
    }

    @Test("checks alone need no judge")
    func checksAlone() throws {
        let text = try SampleFile.with(
            "- { name: Tone, weight: 0.4 }", "- { name: Tone, weight: 0.4, check: { max_words: 20 } }"
        ).replacing("{ name: Queue, weight: 0.6 }", with: "{ name: Queue, weight: 0.6, check: { equals: \"{expected}\" }, gate: true }")
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
            "- { input: { message: Hello, messages: [ { role: user, content: Hi } ] }, checks: [ { contains: hello } ] }")
        let testCase = try #require(try SampleFile.definition(text).cases.first)
        #expect(testCase.checks == [["contains": "hello"]])
        #expect(testCase.input["messages"] == [["role": "user", "content": "Hi"]])
    }

    @Test("a prompt may be one text, a conversation, and have examples and tools")
    func promptForms() throws {
        #expect(try SampleFile.definition(
            try SampleFile.with("prompt:\n  text: \"Message: {{message}}\"", "prompt: \"Sort {{message}}\"")).prompt.text == "Sort {{message}}")
        let chat = """
            prompt:
              messages:
                - { role: system, content: You sort. }
                - { role: user, content: "Sort {{message}}" }
              few_shots: [ { user: Hi, assistant: greeting } ]
              tools: [ { type: function, function: { name: queue } } ]
            """
        let prompt = try SampleFile.definition(
            try SampleFile.with("prompt:\n  text: \"Message: {{message}}\"", chat)).prompt
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
        let file = try SampleFile.read(try SampleFile.with("{ message: Hello }", "{ message: Hello, city: Bern, age: 3 }"))
        #expect(file.warnings.count == 1)
        #expect(file.warnings.first?.contains("age, city") == true)
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

    @Test("JSON is read like YAML")
    func json() throws {
        let text = """
            {"name": "J", "goal": "Sort messages into queues.", "rubric": [{"name": "Queue", "weight": 1}],
             "prompt": {"text": "{{message}}"}, "models": [{"provider": "ollama", "model": "m"}],
             "judges": [{"provider": "ollama", "model": "j"}], "refiner": {"provider": "ollama", "model": "r"},
             "datasets": [{"cases": [{"input": {"message": "Hello \\u00e9", "count": 3, "flag": true}}]}]}
            """
        let input = try #require(try SampleFile.definition(text).cases.first?.input)
        #expect(input == ["message": "Hello é", "count": 3, "flag": true])
    }

    @Test("equal cases are numbered over all datasets")
    func occurrences() throws {
        let text = try SampleFile.with(
            "- { input: { message: Hello } }", "- { input: { message: Hello } }\n  - cases: [ { input: { message: Hello } } ]")
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
        #expect(variants.map(\.prompt.text) == Array(repeating: "Message: {{message}}", count: 3) + ["Queue of {{message}}"])
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

    @Test("the command line stands above the file")
    func overrides() throws {
        let file = try SampleFile.read(
            SampleFile.adding("seed: 3\nconcurrency: 2\nstop: { max_budget_usd: 1 }"),
            overrides: ExperimentFile.Overrides(seed: 9, maxBudget: Money(nanodollars: 5), concurrency: 64))
        #expect(file.definition.seed == 9)
        #expect(file.definition.stop.maxBudget == Money(nanodollars: 5))
        #expect(file.definition.loop.concurrency == 64)
    }
}
