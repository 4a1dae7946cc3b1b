import EdisonCore
import EdisonDatasets
import EdisonEvaluation
import EdisonExperiments
import EdisonLLM
import EdisonSQL
import EdisonSchema
import EdisonTestKit
import Foundation
import Testing

/// A stored run's definition, written as a file and read again.
@Suite("The file of a stored run")
struct RunFileTests {
    static let full = """
        name: "Triage: #1"
        description: "Two lines\\nof words"
        goal: Sort messages into queues.
        rubric:
          - { name: Queue, weight: 0.6, description: "It's \\"right\\"", scale: { min: 1, max: 4, labels: [bad, good] } }
          - { name: "no", weight: 0.4, check: { regex: "^[a-z: #]+$" }, gate: true }
        prompt:
          system: "You sort.\\n"
          text: "Message: {{message}}\\n- a list\\n  # no comment"
          few_shots: [{ user: "a: b", assistant: "yes" }]
          messages: [{ role: user, content: "{{message}}" }]
          tools: [{ type: function, function: { name: f, parameters: { type: object } } }]
        providers:
          main: { provider: openai-compatible, base_url: "http://127.0.0.1:9/v1", api_key: sk-1, timeout: 5 }
          second: { provider: anthropic, api_key: sk-2 }
        models:
          - { provider: main, model: "small: 7b", parameters: { temperature: 0.5, stop: [END], extra: { top_n: 3 } }, seed: 4, cache: true, price: { input: 0.15, output: 1, reasoning: 2 }, alternatives: [{ provider: second, model: spare }] }
          - { provider: main, model: "small: 7b" }
        judges:
          - { provider: main, model: judge, thinking: direct, parameters: { max_tokens: 99 }, seed: 3 }
          - { provider: second, model: judge, mode: pairwise, system_prompt: "Be strict: yes", temperature: 0.5 }
        refiner: { provider: second, model: refiner, thinking: sequential }
        safety: { pii: warn, scanner: { provider: main, model: guard, system_prompt: Look. }, scan: outputs }
        compare: semantic
        embedding: { provider: main, model: vectors }
        datasets:
          - cases: [{ input: { message: "Hello: you" }, expected: { a: [1, null] }, tags: [x, y], checks: [{ contains: H }], cluster: 7 }]
          - kind: adversarial
            cases: [{ input: { message: "Ignore it", n: 0.5 }, difficulty: 5, language: de }, { input: { message: c } }]
        holdout: 0.25
        stop: { max_iterations: 3, max_calls: 77 }
        review: suggestions
        mode: full
        replicates: 2
        loop: { frozen: ["Never: promise"], edit_share: 0.1 }
        race: { max_cases: 9 }
        selector: { by: cost, weight: 0.2 }
        seed: 12

        """

    static let surroundings = [
        "EDISON_LLM_URL": "http://127.0.0.1:7/v1", "ANTHROPIC_API_KEY": "sk-3", "OPENAI_API_KEY": "sk-4",
    ]

    /// The definition of the run, and that of the file which was written from it.
    private func written(
        _ text: String, _ kind: Experiment.Kind = .refine, _ database: TestDatabase = .sqlite
    ) async throws -> (before: ExperimentDefinition, after: ExperimentDefinition, file: RunFile) {
        let before = try SampleFile.read(text, environment: Self.surroundings, purpose: kind).definition
        var written: RunFile?
        try await database.migrated { database in
            _ = try await ExperimentCatalog(database: database, project: LocalTenant.project)
                .findOrCreate(before, kind: kind, start: .new)
            let transport = HTTPTransport()
            let service = ExperimentService(
                database: database, calls: ModelCalls(database: database, transport: transport),
                project: LocalTenant.project)
            let run = try #require(try await service.runs().first)
            written = try await service.duplicate(run, casesFile: "new.cases.jsonl")
            await transport.shutdown()
        }
        let file = try #require(written)
        let files = Dictionary(uniqueKeysWithValues: file.cases.map { ($0.name, Array($0.text.utf8)) })
        let after = try SampleFile.read(file.text, files: files, environment: Self.surroundings, purpose: kind)
            .definition
        return (before, after, file)
    }

    /// The name is another, so that it is another run.
    private func withoutName(_ definition: ExperimentDefinition) -> JSONValue {
        var object = definition.json.object ?? [:]
        object["name"] = nil
        return .object(object)
    }

    @Test("read again, it is the same definition under another name", arguments: TestDatabase.allCases)
    func same(_ kind: TestDatabase) async throws {
        let (before, after, file) = try await written(Self.full, .refine, kind)
        #expect(withoutName(after) == withoutName(before))
        #expect(after.name == "Triage: #1 (copy)")
        #expect(after.identity(kind: .refine) != before.identity(kind: .refine))
        #expect(Set(after.cases.map(\.content)) == Set(before.cases.map(\.content)))
        #expect(after.cases.map(\.kind).count { $0 == .adversarial } == 2)
        #expect(file.cases.map(\.name) == ["new.cases.golden.jsonl", "new.cases.adversarial.jsonl"])
        for (left, right) in zip(after.judges + [], before.judges) {
            #expect(left.model.parameters == right.model.parameters && left.model.seed == right.model.seed)
        }
        #expect(after.models[0].reference.price == before.models[0].reference.price)
        #expect(after.models[0].reference.alternatives.map(\.model) == ["spare"])
        #expect(after.scanner?.systemPrompt == "Look." && after.scanner?.subjects == [.outputs])
    }

    @Test("it holds no address and no key, and names what is missing")
    func secrets() async throws {
        let file = try await written(Self.full).file
        for secret in ["127.0.0.1", "sk-1", "sk-2", "sk-3"] { #expect(!file.text.contains(secret)) }
        #expect(file.gaps.contains { $0.hasPrefix("main: base_url and api_key") })
        #expect(file.gaps.contains { $0.hasPrefix("second: ") })
    }

    @Test("a small file stays small: settings that are defaults are left out")
    func defaults() async throws {
        let (before, after, file) = try await written(SampleFile.text)
        #expect(withoutName(after) == withoutName(before))
        for key in ["loop:", "race:", "stop:", "selector:", "mode:", "safety:", "holdout:"] {
            #expect(!file.text.contains("\n\(key)"), "\(key)")
        }
        #expect(file.cases.map(\.name) == ["new.cases.jsonl"])
    }

    @Test("variants of an evaluation come back, each with its prompt and model")
    func variants() async throws {
        let text =
            SampleFile.text.replacing("models:\n  - { provider: main, model: small }\n", with: "")
                + """
                variants:
                  - { name: short, prompt: { text: "{{message}}", system: Briefly }, provider: main, model: small }
                  - { name: "long: one", prompt: "At length: {{message}}", model: large, parameters: { top_p: 0.5 } }

                """
        let (before, after, _) = try await written(text, .eval)
        #expect(withoutName(after)["variants"] == withoutName(before)["variants"])
        #expect(after.judges.map(\.json) == before.judges.map(\.json))
    }

    @Test("what a model is still to draft is asked for again")
    func drafting() async throws {
        let text = SampleFile.text
            .replacing("\n  - { name: Queue, weight: 0.6 }\n  - { name: Tone, weight: 0.4 }", with: " { draft: true }")
            .replacing("\n  text: \"Message: {{message}}\"", with: " { draft: 2 }")
            .replacing("  - cases:", with: "  - generate: 30\n  - cases:")
        let (before, after, _) = try await written(text)
        #expect(after.drafting == before.drafting && before.drafting?.cases == 30)
    }
}
