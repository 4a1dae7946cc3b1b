import EdisonCore
import EdisonExperiments
import Testing

@Suite("What makes two files the same run")
struct RunIdentityTests {
    private func identity(
        _ text: String = SampleFile.text, files: [String: [UInt8]] = [:], environment: [String: String] = [:],
        seed: UInt64? = nil, kind: Experiment.Kind = .refine
    ) throws -> ContentHash {
        let overrides = ExperimentFile.Overrides(seed: seed)
        return try SampleFile.read(text, files: files, environment: environment, overrides: overrides)
            .definition.identity(kind: kind)
    }

    @Test("the same file is the same run, whatever ids its cases get")
    func same() throws { #expect(try identity() == identity()) }

    @Test(
        "secrets, addresses, budgets and names of places are no part of it",
        arguments: [
            ("api_key: sk-1", "api_key: sk-2"), ("127.0.0.1:9/v1", "127.0.0.1:10/v2"),
            ("datasets:", "stop: { max_budget_usd: 9 }\ndatasets:"),
            ("datasets:", "stop: { max_tokens: 9 }\ndatasets:"),
            ("datasets:", "stop: { max_calls: 9 }\ndatasets:"), ("datasets:", "stop: { max_seconds: 9 }\ndatasets:"),
            ("datasets:", "concurrency: 64\ndatasets:"), ("name: Triage", "# a comment\nname: Triage"),
            ("main", "renamed"),
        ])
    func ignored(_ passage: String, _ replacement: String) throws {
        #expect(try identity(try SampleFile.with(passage, replacement)) == identity())
    }

    @Test(
        "everything that can change an answer or a decision is part of it",
        arguments: [
            ("goal: Sort messages into queues.", "goal: Sort messages into boxes."), ("weight: 0.6", "weight: 0.59"),
            ("name: Tone", "name: Manner"), ("name: Tone, ", "name: Tone, description: How, "),
            ("weight: 0.4", "weight: 0.4, scale: { min: 1, max: 5 }"),
            ("weight: 0.4", "weight: 0.4, check: { max_words: 3 }"),
            ("Message: {{message}}", "Text: {{message}}"), ("model: small", "model: large"),
            ("model: small", "model: small, parameters: { temperature: 0 }"), ("model: small", "model: small, seed: 3"),
            ("model: small", "model: small, cache: true"),
            ("model: small", "model: small, alternatives: [ { provider: main, model: spare } ]"),
            ("model: judge", "model: judge-b"), ("model: judge", "model: judge, mode: pointwise, temperature: 1"),
            ("model: judge", "model: judge, system_prompt: Be strict."),
            ("model: judge", "model: judge, thinking: direct"),
            ("model: judge", "model: judge, parameters: { max_tokens: 9 }"), ("model: judge", "model: judge, seed: 4"),
            ("model: refiner", "model: refiner-b"), ("model: refiner", "model: refiner, parameters: { top_p: 0.5 }"),
            ("message: Hello", "message: Goodbye"), ("{ message: Hello } }", "{ message: Hello }, expected: x }"),
            ("{ message: Hello } }", "{ message: Hello }, tags: [a] }"),
            ("{ message: Hello } }", "{ message: Hello }, checks: [ { contains: x } ] }"),
            ("datasets:", "compare: exact\ndatasets:"), ("datasets:", "safety: { pii: block }\ndatasets:"),
            ("datasets:", "seed: 2\ndatasets:"),
        ])
    func relevant(_ passage: String, _ replacement: String) throws {
        #expect(try identity(try SampleFile.with(passage, replacement)) != identity())
    }

    @Test("every setting of the loop is part of it, but the limits of money and time", arguments: FileSetting.all)
    func settings(_ setting: FileSetting) throws {
        let limits = ["stop.max_budget_usd", "stop.max_tokens", "stop.max_calls", "stop.max_seconds"]
        let changed = try identity(SampleFile.adding(setting.text))
        #expect((try changed == identity()) == limits.contains(setting.key))
    }

    @Test("the command and the seed are part of it")
    func commandAndSeed() throws {
        #expect(try identity(kind: .eval) != identity(kind: .refine))
        #expect(try identity(seed: 2) != identity())
        #expect(try identity(seed: 1) == identity())
    }

    @Test("what a file refers to counts by its content, not by its name")
    func referencedContents() throws {
        let text = try SampleFile.with(#"text: "Message: {{message}}""#, "file: prompt.md")
            .replacing("- cases:\n      - { input: { message: Hello } }", with: "- { file: cases.jsonl }")
        func identity(prompt: String = "{{message}}", cases: String = #"{"input": {"message": "a"}}"#) throws
            -> ContentHash
        {
            try self.identity(text, files: ["prompt.md": Array(prompt.utf8), "cases.jsonl": Array(cases.utf8)])
        }
        let base = try identity()
        #expect(try identity() == base)
        #expect(try identity(prompt: "Sort {{message}}") != base)
        #expect(try identity(cases: #"{"input": {"message": "b"}}"#) != base)
        #expect(try identity(cases: "{ \"input\":{\"message\":\"a\"} }\n\n") == base)
        let moved = text.replacing("prompt.md", with: "other.md")
        let other = try self.identity(
            moved,
            files: ["other.md": Array("{{message}}".utf8), "cases.jsonl": Array(#"{"input": {"message": "a"}}"#.utf8)])
        #expect(other == base)
    }

    @Test("which program is evaluated is part of it")
    func program() throws {
        func identity(_ command: String) throws -> ContentHash {
            let text = try SampleFile.with("{ provider: main, model: small }", "{ provider: mine }")
                .replacing("providers:", with: "providers:\n  mine: { provider: command, command: \(command) }")
            return try self.identity(text)
        }
        #expect(try identity("[./answer, --fast]") == identity("[./answer, --fast]"))
        #expect(try identity("[./answer, --fast]") != identity("[./answer, --slow]"))
    }
}
