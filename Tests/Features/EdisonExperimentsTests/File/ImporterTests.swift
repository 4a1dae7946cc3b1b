import EdisonCore
import EdisonDatasets
import EdisonExperiments
import EdisonPrompts
import Foundation
import Testing

@Suite("Importing what other tools keep")
struct ImporterTests {
    private func imported(
        _ name: String, _ text: String, as format: Importer.Format, variable: String? = nil,
        files: [String: String] = [:]
    ) throws -> Importer.Imported {
        try SampleFile.inFolder(files.merging([name: text]) { $1 }.mapValues { Array($0.utf8) }) { folder in
            try Importer.read(
                file: folder.appendingPathComponent(name), format: format, variable: variable, casesFile: "cases.jsonl")
        }
    }

    /// The definition that the written file leads to.
    private func definition(_ imported: Importer.Imported) throws -> ExperimentDefinition {
        try SampleFile.read(
            imported.file, files: ["cases.jsonl": Array(imported.cases.utf8)], environment: ["OPENAI_API_KEY": "sk-x"]
        ).definition
    }

    private static let promptfoo = """
        description: Translates words for travellers
        prompts:
          - "Translate {{word}} to {{language}}"
          - "Say {{word}} in {{language}}, please"
        providers: [openai:gpt-4o, anthropic:claude]
        defaultTest:
          vars: { language: French }
          assert: [ { type: not-contains, value: sorry } ]
        tests:
          - description: easy
            vars: { word: bread }
            assert:
              - { type: equals, value: pain }
              - { type: regex, value: "^p" }
              - { type: llm-rubric, value: is polite }
          - vars: { word: milk, language: German }
            assert:
              - { type: contains-all, value: [Milch, die] }
              - { type: javascript, value: "output.length < 9" }
              - { type: is-json }
          - vars: { word: salt }
        sharing: true
        """

    @Test("promptfoo: prompt, cases with their defaults, and the assertions that have a check")
    func promptfoo() throws {
        let imported = try imported("promptfooconfig.yaml", Self.promptfoo, as: .promptfoo)
        #expect(imported.count == 3)
        let definition = try definition(imported)
        #expect(definition.prompt.text == "Translate {{word}} to {{language}}")
        #expect(definition.goal == "Translates words for travellers")
        let first = try #require(definition.cases.first)
        #expect(first.input == ["language": "French", "word": "bread"])
        #expect(first.expected == "pain")
        #expect(first.tags == ["easy"])
        #expect(first.checks == [["not_contains": "sorry"], ["equals": "pain"], ["regex": "^p"]])
        #expect(definition.cases[1].input["language"] == "German")
        #expect(definition.cases[1].checks.contains(["contains": ["Milch", "die"]]))
        #expect(definition.cases[2].input == ["language": "French", "word": "salt"])
    }

    @Test("promptfoo: everything that has no place here is named")
    func promptfooLosses() throws {
        let losses = try imported("c.yaml", Self.promptfoo, as: .promptfoo).losses
        for part in ["Say {{word}}", "openai:gpt-4o, anthropic:claude", "llm-rubric", "javascript", "sharing"] {
            #expect(losses.contains { $0.contains(part) }, "\(part)")
        }
        #expect(losses.count == 5)
    }

    @Test("promptfoo: prompts and tests in other files")
    func promptfooFiles() throws {
        let text = "prompts: [file://p.txt, file://code.py]\ntests: file://tests.csv\nscenarios: []\nenv: { A: b }\n"
        let imported = try imported("c.yaml", text, as: .promptfoo, files: ["p.txt": "Answer {{q}}"])
        #expect(imported.file.contains("Answer {{q}}"))
        #expect(imported.count == 0)
        for part in ["code.py", "tests in another file", "scenarios", "env"] {
            #expect(imported.losses.contains { $0.contains(part) }, "\(part)")
        }
    }

    @Test(
        "promptfoo: a file without a prompt says so",
        arguments: ["tests: []", "prompts: []", "prompts: [file://nowhere.txt]", "x: [unclosed"])
    func promptfooWithoutPrompt(_ text: String) {
        let error = #expect(throws: EdisonError.self) { try imported("c.yaml", text, as: .promptfoo) }
        #expect(error?.code == .invalid)
    }

    @Test("JSON lines: the cases, and a prompt that takes their fields")
    func jsonl() throws {
        let text =
            #"{"input": {"title": "A", "body": "b"}, "expected": {"queue": "x"}, "tags": ["t"], "difficulty": 4, "language": "de"}"#
            + "\nno json\n" + #"{"input": {"title": "C", "body": "d"}}"# + "\n"
        let imported = try imported("data.jsonl", text, as: .jsonl)
        #expect(imported.count == 2)
        #expect(imported.losses.count == 1)
        #expect(imported.losses[0].hasPrefix("row 2: "))
        let definition = try definition(imported)
        #expect(definition.prompt.text.contains("{{title}}"))
        #expect(definition.prompt.text.contains("{{body}}"))
        let first = try #require(definition.cases.first)
        #expect(first.expected == ["queue": "x"])
        #expect(first.tags == ["t"])
        #expect(first.difficulty == 4)
        #expect(first.language == "de")
    }

    @Test("JSON lines: nothing readable is an error with the first reason")
    func jsonlNothing() {
        let error = #expect(throws: EdisonError.self) { try imported("d.jsonl", "no json\n", as: .jsonl) }
        #expect(error?.message.contains("row 1") == true)
        #expect(throws: EdisonError.self) { try imported("d.jsonl", "", as: .jsonl) }
    }

    @Test("JSON lines: every part of a case is kept")
    func jsonlKeepsAll() throws {
        let line = #"{"input": {"q": "A"}, "cluster": "c1", "checks": [{"contains": "x"}]}"#
        let testCase = try #require(try definition(try imported("d.jsonl", line, as: .jsonl)).cases.first)
        #expect(testCase.checks == [["contains": "x"]])
        #expect(testCase.cluster == "c1")
    }

    @Test(
        "Python: a constant, an f-string or a format template",
        arguments: [
            (#"PROMPT = "Answer {question} for {name}.""#, "Answer {{question}} for {{name}}."),
            ("PROMPT = \"\"\"\nAnswer {question}.\nBe kind.\n\"\"\"\n", "Answer {{question}}.\nBe kind."),
            (#"PROMPT: str = f'Answer {question}\nnow'"#, "Answer {{question}}\nnow"),
            (
                #"PROMPT = "Give {{\"queue\": 1}} for {question}".format(question=q)"#,
                #"Give {"queue": 1} for {{question}}"#
            ),
            (#"PROMPT = r"Match \d+ in {text}""#, #"Match \d+ in {{text}}"#),
            ("class A:\n    PROMPT = ('''Answer {question}''')\n", "Answer {{question}}"),
        ])
    func python(_ code: String, _ prompt: String) throws {
        let imported = try imported("app.py", code, as: .pythonPrompt)
        let definition = try definition(imported)
        #expect(definition.prompt.text == prompt)
        #expect(imported.count == 1)
    }

    @Test("Python: the named constant is taken, else the longest, and the others are named")
    func pythonChoice() throws {
        let code = "SHORT = 'Hi {a}'\nLONG = 'A much longer prompt for {b}'\nURL = 'x'\n"
        let longest = try imported("app.py", code, as: .pythonPrompt)
        #expect(longest.file.contains("A much longer prompt for {{b}}"))
        #expect(longest.losses.contains { $0.contains("SHORT") })
        #expect(longest.losses.contains { $0.contains("URL") })
        #expect(try imported("app.py", code, as: .pythonPrompt, variable: "SHORT").file.contains("Hi {{a}}"))
        let error = #expect(throws: EdisonError.self) {
            try imported("app.py", code, as: .pythonPrompt, variable: "NONE")
        }
        #expect(error?.detail?.contains("SHORT, LONG, URL") == true)
    }

    @Test("Python: what is more than a name in braces is named as lost")
    func pythonExpressions() throws {
        let imported = try imported("app.py", "P = f\"Answer {q.text!r} by {day:%d}\"", as: .pythonPrompt)
        #expect(imported.losses.contains { $0.contains("{q.text!r}") })
        #expect(imported.losses.contains { $0.contains("{day:%d}") })
        #expect(imported.file.contains("Answer {{q}} by {{day}}"))
    }

    @Test("Python: a text without placeholders says what to add, and no text at all is an error")
    func pythonWithoutPlaceholders() throws {
        let imported = try imported("app.py", "P = 'Be kind.'", as: .pythonPrompt)
        #expect(imported.count == 0)
        #expect(imported.losses.contains { $0.contains("{{input}}") })
        #expect(throws: EdisonError.self) { try self.imported("app.py", "x = 1\n", as: .pythonPrompt) }
    }

    @Test("Python: braces of plain text stay braces")
    func pythonBraces() throws {
        let imported = try imported("app.py", "P = 'Answer in JSON like {\"queue\": \"billing\"}.'", as: .pythonPrompt)
        #expect(imported.file.contains(#"Answer in JSON like {"queue": "billing"}."#))
    }
}
