import EdisonCore
import EdisonDatasets
import EdisonEvaluation
import EdisonExperiments
import EdisonPrompts
import EdisonStatistics
import Testing

@Suite("Writing an experiment file")
struct ExperimentFileWriterTests {
    private static let pieces = [
        "a", "Sort {{message}}", ": ", "# no comment", "- x", "'", "\"", "\\", "\n", "\n\n", "  ", "\t", "é", "👩‍👩‍👧",
        "日本語", "{ a }", "[", "&a", "*a", "!t",
        "%", "@", "`", "|", ">", "yes", "null", "1e3", "---", "...", "\u{2028}", "\u{85}", "\u{7F}", "\r\n", "${HOME}",
    ]

    private func text(_ draw: inout SplitMix64, _ range: ClosedRange<Int>) -> String {
        (0..<Int.random(in: range, using: &draw)).map { _ in Self.pieces.randomElement(using: &draw) ?? "" }.joined()
    }

    private func writer(_ prompt: PromptContent, name: String, goal: String, rubric: Rubric = Sample.rubric)
        -> ExperimentFileWriter
    {
        let model = "{ provider: main, model: m }"
        return ExperimentFileWriter(
            name: name, goal: goal, rubric: rubric, prompt: prompt, provider: "{ provider: ollama }", model: model,
            judge: model,
            refiner: model, casesFile: "cases.jsonl", kind: .synthetic)
    }

    private let cases = Array(#"{"input": {"message": "Hello"}}"#.utf8)

    @Test("what is written is read back the same, whatever the texts hold")
    func roundTrip() throws {
        for round in 0..<300 as Range<UInt64> {
            var draw = SplitMix64(seed: round)
            let prompt = PromptContent(
                text: text(&draw, 0...8) + "{{message}}" + text(&draw, 0...8),
                systemText: Bool.random(using: &draw) ? "s" + text(&draw, 0...8) : nil)
            let name = "n" + text(&draw, 0...5)
            let goal = "Sort messages " + text(&draw, 0...8)
            let rubric = Rubric([
                Criterion(
                    name: "c" + text(&draw, 0...2), description: text(&draw, 0...6), weight: 0.25,
                    scale: Scale(min: 1, max: 5)),
                Criterion(
                    name: "Short", description: "", weight: 0.75,
                    check: try Check(json: ["contains": .string(text(&draw, 0...4))])),
            ])
            guard rubric.issues.isEmpty else { continue }
            let file = writer(prompt, name: name, goal: goal, rubric: rubric).text
            let read = try SampleFile.read(file, files: ["cases.jsonl": cases])
            #expect(Array(read.definition.prompt.text.utf8) == Array(prompt.text.utf8), "round \(round)")
            #expect(
                read.definition.prompt.systemText.map { Array($0.utf8) } == prompt.systemText.map { Array($0.utf8) },
                "round \(round)")
            #expect(Array(read.definition.name.utf8) == Array(name.utf8), "round \(round)")
            #expect(Array(read.definition.goal.utf8) == Array(goal.utf8), "round \(round)")
            #expect(read.definition.rubric == rubric, "round \(round)")
        }
    }

    @Test("a conversation is written as one")
    func conversation() throws {
        let prompt = PromptContent(
            text: "",
            messages: [
                TemplateMessage(role: "system", text: "You: \"sort\""),
                TemplateMessage(role: "user", text: "{{message}}\n# x"),
            ])
        let file = writer(prompt, name: "n", goal: "Sort messages well").text
        #expect(try SampleFile.read(file, files: ["cases.jsonl": cases]).definition.prompt == prompt)
    }

    @Test("cases are written as lines that are read back the same")
    func caseLines() throws {
        for round in 0..<200 as Range<UInt64> {
            var draw = SplitMix64(seed: round)
            let testCase = TestCase(
                id: IDSource.random.next(), input: ["q": .string(text(&draw, 0...6)), "n": 3, "l": [1.5, nil, true]],
                expected: Bool.random(using: &draw) ? ["x": .string(text(&draw, 0...3))] : nil,
                tags: Bool.random(using: &draw) ? [text(&draw, 1...2)] : [],
                difficulty: Int.random(in: 1...5, using: &draw),
                language: Bool.random(using: &draw) ? "de" : nil, cluster: Bool.random(using: &draw) ? "c" : nil,
                checks: Bool.random(using: &draw) ? [["contains": "x"]] : [], kind: .synthetic)
            let lines = ExperimentFileWriter.lines(of: [testCase, testCase])
            let read = try CaseImport.read(lines, format: .jsonl, kind: .synthetic)
            #expect(read.cases.map(\.key) == [testCase.key, testCase.key], "round \(round)")
        }
    }

    @Test("what nobody has confirmed stays unconfirmed, of whatever kind", arguments: DatasetKind.allCases)
    func unconfirmed(_ kind: DatasetKind) throws {
        var testCase = Sample.testCase("Hello")
        testCase.kind = kind
        testCase.isConfirmed = false
        let read = try CaseImport.read(ExperimentFileWriter.lines(of: [testCase]), format: .jsonl, kind: kind)
        #expect(read.cases.map(\.isConfirmed) == [false])
    }
}
