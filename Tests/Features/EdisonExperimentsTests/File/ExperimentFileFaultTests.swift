import EdisonCore
import EdisonExperiments
import Testing

/// A fault that a file can have: what stands instead of a sound passage, and what is said about it. The mark ‸ stands
/// before the place that the message must name.
struct FileFault: Sendable, CustomTestStringConvertible {
    let passage: String
    let replacement: String
    let message: String

    init(_ passage: String, _ replacement: String, _ message: String) {
        self.passage = passage
        self.replacement = replacement
        self.message = message
    }

    var testDescription: String { replacement }

    func marked() throws -> (text: String, line: Int, column: Int) {
        let marked = try SampleFile.with(passage, replacement)
        let before = marked.prefix { $0 != "‸" }
        let lines = before.split(separator: "\n", omittingEmptySubsequences: false)
        return (marked.replacing("‸", with: ""), lines.count, (lines.last?.count ?? 0) + 1)
    }
}

extension FileFault {
    private static let end = "- { input: { message: Hello } }\n"
    private static func adding(_ lines: String, _ message: String) -> FileFault {
        FileFault(end, "\(end)\(lines)\n", message)
    }

    static let goalAndRubric = [
        FileFault("goal: Sort messages into queues.", "goal: ‸Sort.", "at least 10 characters"),
        FileFault("- { name: Tone, weight: 0.4 }", "- ‸{ name: Tone }", #"needs "weight""#),
        FileFault("weight: 0.4", "weight: ‸heavy", "must be a number"),
        FileFault("- { name: Tone, weight: 0.4 }", "- name: Tone\n    weight: ‸1.4", "must lie between 0 and 1"),
        FileFault("- { name: Tone, weight: 0.4 }", "- name: ‸Queue\n    weight: 0.4", "stands twice"),
        FileFault("- { name: Tone, weight: 0.4 }", "- name: ‸\"\"\n    weight: 0.4", "1 to 100 characters"),
        FileFault(
            "- { name: Tone, weight: 0.4 }", "- name: Tone\n    weight: 0.4\n    scale: ‸{ min: 5, max: 1 }",
            "min must be below max"),
        FileFault(
            "- { name: Tone, weight: 0.4 }", "- name: Tone\n    weight: 0.4\n    gate: ‸true", "needs a check"),
        FileFault("weight: 0.4 }", "weight: 0.4, check: ‸{ equalz: yes } }", #"unknown check "equalz""#),
        FileFault("weight: 0.4 }", #"weight: 0.4, check: ‸{ regex: "(" } }"#, "is not a regular expression"),
    ]

    static let promptAndData = [
        FileFault(#"text: "Message: {{message}}""#, #"‸text: "Message: {{mesage}}""#, "unknown variable {{mesage}}"),
        FileFault(#"text: "Message: {{message}}""#, #"‸text: "Sort the message.""#, "the prompt has no variable"),
        FileFault(#"text: "Message: {{message}}""#, #"‸text: "{{#message}} {{message}}""#, "never closed"),
        FileFault(#"text: "Message: {{message}}""#, "file: ‸nowhere.md", #"Cannot read "nowhere.md""#),
        FileFault(#"text: "Message: {{message}}""#, "‸system: You sort.", "needs text:, file: or messages:"),
        FileFault(
            "- cases:\n      - { input: { message: Hello } }", "- { file: ‸nowhere.jsonl }",
            #"Cannot read "nowhere.jsonl""#),
        FileFault(
            "model: small", "model: small, parameters: { extra: ‸{ n: 2.5 } }", "n leaves open how many answers"),
        FileFault(
            "model: small", "model: small, parameters: { extra: ‸{ best_of: [8] } }",
            "best_of leaves open how many answers"),
        FileFault(
            "model: small", "model: small, parameters: { extra: ‸{ max_tokens: \"many\" } }",
            "max_tokens leaves open how long"),
        FileFault(
            "model: small", "model: small, parameters: { extra: ‸{ num_predict: -1 } }",
            "leaves open how long an answer"),
        FileFault("\n  - cases:\n      - { input: { message: Hello } }", " ‸[]", "holds no case"),
        FileFault("\n  - cases:\n      - { input: { message: Hello } }", " ‸hello", "must be a list"),
        FileFault("{ input: { message: Hello } }", "‸{ expected: x }", #"has no "input""#),
        FileFault("{ input: { message: Hello } }", "‸{ input: { message: Hello }, difficulty: 9 }", "from 1 to 5"),
        FileFault(
            "- cases:\n      - { input: { message: Hello } }", "- ‸{ kind: golden }", "needs file:, cases: or generate:"
        ),
        FileFault("- cases:", "- kind: ‸silver\n    cases:", #""silver" is not one of golden"#),
    ]

    static let models = [
        FileFault(
            "provider: main, model: small", "provider: ‸mian, model: small", #"unknown provider "mian"; known: main"#),
        FileFault("provider: openai-compatible", "provider: ‸openia", #"unknown kind of provider "openia""#),
        FileFault("api_key: sk-1", #"api_key: ‸"${NOWHERE}""#, "NOWHERE"),
        FileFault(
            "{ provider: openai-compatible, base_url: \"http://127.0.0.1:9/v1\", api_key: sk-1 }",
            "‸{ provider: openai }", "OPENAI_API_KEY"),
        FileFault("{ provider: main, model: small }", "‸{ provider: main }", #"needs "model""#),
        FileFault("model: small", "model: small, parameters: { temperature: ‸hot }", "must be a number"),
        FileFault("model: small", "model: small, parameters: { temperature: ‸3 }", "must lie between 0"),
        FileFault("model: small", "model: small, price: { input: ‸-1, output: 1 }", "0 or more"),
        FileFault("model: small", "model: small, price: ‸{ input: 1 }", "needs input and output"),
        FileFault("model: judge", "model: judge, mode: ‸bogus", #""bogus" is not one of pointwise, pairwise"#),
        FileFault("model: judge", "model: judge, thinking: ‸hard", #""hard" is not one of"#),
        FileFault(
            "  - { provider: main, model: judge }", "  ‸- { provider: main, model: judge, mode: pairwise }",
            "at least one pointwise judge"),
    ]

    static let settings = [
        adding("holdout: ‸0.95", "must lie between 0.0 and 0.9"), adding("holdout: ‸lots", "must be a number"),
        adding("reserve: ‸-0.1", "must lie between"),
        adding("review: ‸sometimes", "every-step, suggestions, automatic"),
        adding("seed: ‸lucky", "must be a whole number"), adding("mode: ‸fast", "full, racing"),
        adding("concurrency: ‸0", "must lie between"), adding("replicates: ‸0", "must lie between"),
        adding("stop: { max_iterations: ‸0 }", "must lie between 1 and 100"),
        adding("stop: { max_iterations: ‸101 }", "must lie between 1 and 100"),
        adding("stop: { convergence_window: ‸1 }", "must lie between 2"),
        adding("stop: { min_delta: ‸1.5 }", "must lie between 0.0 and 1.0"),
        adding("stop: { max_budget_usd: ‸-1 }", "must be 0 or more"),
        adding("stop: { target: ‸2 }", "must lie between"),
        adding("stop:\n  max_iterations: 3\n  patience: ‸none", "must be a whole number"),
        adding("loop: { proposals: ‸0 }", "must lie between"), adding("race: { first_look: ‸1 }", "must lie between"),
        adding("compare: ‸nearly", #""nearly" is not one of exact, json, semantic"#),
        adding("compare: ‸semantic", "needs embedding"), adding("variants: ‸[{ name: a }]", "two to eight"),
        adding("variants: [{ name: a }, { name: ‸a }]", "another variant is called"),
        adding("stop: ‸none", "must be a mapping"),
    ]

    static let keys = [
        FileFault("name: Triage", "‸nmae: Triage", #"unknown key "nmae"; did you mean "name"?"#),
        FileFault("model: small", "‸modle: small", #"unknown key "modle"; did you mean "model"?"#),
        FileFault("prompt:", "promt: yes\nprompt:", #"unknown key "promt"; did you mean "prompt"?"#),
        FileFault("model: judge", "model: judge, ‸systemprompt: x", #"did you mean "system_prompt"?"#),
        FileFault(
            "- { name: Tone, weight: 0.4 }", "- { name: Tone, weight: 0.4, ‸wieght: 0.4 }", #"did you mean "weight"?"#),
        adding("stop:\n  ‸max_iteration: 3", #"did you mean "max_iterations"?"#),
        adding("‸stopp:\n  max_iterations: 3", #"did you mean "stop"?"#),
        adding("loop: { ‸propsals: 3 }", #"did you mean "proposals"?"#),
        adding("‸colour: red", #"unknown key "colour"; known here: name, goal"#),
    ]
}

@Suite("Faults of an experiment file")
struct ExperimentFileFaultTests {
    private func issues(_ text: String, purpose: Experiment.Kind = .refine) -> [FieldIssue] {
        let error = #expect(throws: EdisonError.self) { try SampleFile.read(text, purpose: purpose) }
        #expect(error?.code == .invalid)
        return error?.issues ?? []
    }

    @Test(
        "a fault is named with line, column and what to do",
        arguments: FileFault.goalAndRubric + FileFault.promptAndData + FileFault.models + FileFault.settings)
    func places(_ fault: FileFault) throws {
        let (text, line, column) = try fault.marked()
        let issues = issues(text)
        let issue = try #require(issues.first { $0.message.contains(fault.message) }, "\(issues)")
        #expect(issue.line == line)
        #expect(issue.column == column)
    }

    @Test("an unknown key is named at its place, with the nearest known one", arguments: FileFault.keys)
    func unknownKeys(_ fault: FileFault) throws {
        let (text, line, column) = try fault.marked()
        let issues = issues(text)
        let issue = try #require(issues.first { $0.message.contains(fault.message) }, "\(issues)")
        guard fault.replacement.contains("‸") else { return }
        #expect(issue.line == line)
        #expect(issue.column == column)
    }

    @Test("weights that do not sum to 1 get the agreed message", arguments: ["0.3", "0.42", "0.389"])
    func weights(_ weight: String) throws {
        let issues = issues(try SampleFile.with("weight: 0.4", "weight: \(weight)"))
        #expect(issues.map(\.message) == ["Weights must sum to 1.0"])
        #expect(issues.first?.path == "rubric")
        #expect((3...4).contains(issues.first?.line ?? 0))
    }

    @Test("weights within a hundredth of 1 are taken", arguments: ["0.39", "0.41", "0.4"])
    func nearlyOne(_ weight: String) throws {
        #expect(throws: Never.self) { try SampleFile.read(try SampleFile.with("weight: 0.4", "weight: \(weight)")) }
    }

    @Test(
        "what is missing is asked for",
        arguments: [
            ("goal: Sort messages into queues.\n", "goal"),
            ("judges:\n  - { provider: main, model: judge }\n", "judge"),
            ("models:\n  - { provider: main, model: small }\n", "models"),
            ("refiner: { provider: main, model: refiner }\n", "refiner"),
            ("datasets:\n  - cases:\n      - { input: { message: Hello } }\n", "datasets"),
            ("prompt:\n  text: \"Message: {{message}}\"\n", "prompt"),
            ("rubric:\n  - { name: Queue, weight: 0.6 }\n  - { name: Tone, weight: 0.4 }\n", "rubric"),
        ])
    func missing(_ part: String, _ word: String) throws {
        let issues = issues(try SampleFile.with(part, ""))
        let issue = try #require(issues.first { $0.message.contains(word) })
        #expect(issue.line == 1)
        #expect(issue.column == 1)
    }

    @Test("eval needs no refiner")
    func noRefiner() throws {
        let text = try SampleFile.with("refiner: { provider: main, model: refiner }\n", "")
        #expect(try SampleFile.read(text, purpose: .eval).definition.refiner == nil)
    }

    @Test("all faults are told at once, in the order of the file")
    func allAtOnce() throws {
        let text =
            try SampleFile.with("weight: 0.6", "weight: heavy").replacing("model: small", with: "modle: small")
            + "seed: lucky\n"
        let lines = issues(text).compactMap(\.line)
        #expect(lines.contains(4) && lines.contains(11) && lines.contains(18))
        #expect(lines == lines.sorted())
    }

    @Test("a text that is no YAML is named with its line")
    func noYAML() throws {
        let issue = try #require(issues("name: Triage\ngoal: [unclosed\nrubric: x\n").first)
        #expect((2...4).contains(issue.line ?? 0))
        #expect(issue.column != nil)
        let twice = try #require(issues(try SampleFile.with("name: Triage", "name: Triage\nname: Again")).first)
        #expect(twice.message.contains("name"))
        #expect((1...2).contains(twice.line ?? 0))
    }

    @Test(
        "an empty file and one that holds no mapping are told apart",
        arguments: ["", "\n# only a comment\n", "- a list\n", "text\n"])
    func noMapping(_ text: String) {
        let error = #expect(throws: EdisonError.self) { try SampleFile.read(text) }
        #expect(error?.code == .invalid)
        #expect(error?.message.contains("triage.yaml") == true)
    }

    @Test("a dataset that is not UTF-8, or has no readable row, stops with its name")
    func unreadableDatasets() {
        let dataset = "- { file: cases.jsonl }"
        for bytes in [
            Array("{\"input\": \"caf\u{E9}\"}".unicodeScalars.map { UInt8($0.value) }), Array("no json\n".utf8),
        ] {
            let error = #expect(throws: EdisonError.self) {
                try SampleFile.read(
                    try SampleFile.with("- cases:\n      - { input: { message: Hello } }", dataset),
                    files: ["cases.jsonl": bytes])
            }
            #expect(error?.issues.first?.message.contains("cases.jsonl") == true)
            #expect(error?.issues.first?.line == 16)
        }
    }

    @Test("no message shows a secret")
    func secrets() throws {
        let text = try SampleFile.with("api_key: sk-1", "api_key: sk-very-secret").replacing(
            "provider: main, model: small", with: "provider: mian")
        let error = #expect(throws: EdisonError.self) { try SampleFile.read(text) }
        #expect(error?.description.contains("sk-very-secret") == false)
    }
}
