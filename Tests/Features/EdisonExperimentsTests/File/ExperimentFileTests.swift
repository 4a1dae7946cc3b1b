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
        #expect(
            definition.prompt == PromptContent(text: "Message: {{message}}", systemText: "You sort customer messages."))
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

    @Test("variables are taken in headers as well, and a missing one is named with its place")
    func variablesInHeaders() throws {
        let text = try SampleFile.with("api_key: sk-1", #"headers: { X-Team: "team ${TEAM}" }"#)
        let endpoint = try SampleFile.read(text, environment: ["TEAM": "blue"]).definition.models.first?.reference
            .endpoint
        #expect(endpoint?.settings["headers"]?["X-Team"] == "team blue")
        let error = #expect(throws: EdisonError.self) { try SampleFile.read(text) }
        #expect(error?.issues.contains { $0.message.contains("TEAM") && $0.line == 9 } == true)
    }

    @Test("without address and key a provider reads its usual variables")
    func usualVariables() throws {
        let text = try SampleFile.with(
            "{ provider: openai-compatible, base_url: \"http://127.0.0.1:9/v1\", api_key: sk-1 }",
            "{ provider: openai }")
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
            "  - { provider: main, model: judge }\n  - { provider: main, model: judge }\n  - { provider: main, model: judge, name: strict }"
        )
        #expect(try SampleFile.definition(text).judges.map(\.judge.name) == ["judge", "judge#2", "strict"])
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
