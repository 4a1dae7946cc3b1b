import EdisonCore
import EdisonDatasets
import Testing

@Suite("Cases from JSON and JSON lines")
struct CaseImportTests {
    private func read(
        _ text: String, _ format: CaseImport.Format = .jsonl, kind: DatasetKind = .golden,
        mapping: [String: String] = [:]
    ) throws -> CaseImport.Imported {
        try CaseImport.read(text, format: format, kind: kind, mapping: mapping)
    }

    @Test("every member of a case is read")
    func whole() throws {
        let line =
            #"{"input": {"message": "Hi", "n": 3}, "expected": {"queue": "x"}, "tags": ["a", "b"], "difficulty": 5, "language": "de", "cluster": 7, "checks": [{"contains": "x"}]}"#
        let testCase = try #require(try read(line, kind: .synthetic).cases.first)
        #expect(testCase.input == ["message": "Hi", "n": 3])
        #expect(testCase.expected == ["queue": "x"])
        #expect(testCase.tags == ["a", "b"])
        #expect(testCase.difficulty == 5)
        #expect(testCase.language == "de")
        #expect(testCase.cluster == "7")
        #expect(testCase.checks == [["contains": "x"]])
        #expect(testCase.kind == .synthetic)
    }

    @Test("a case needs only an input, and null is as good as absent")
    func least() throws {
        let imported = try read(
            #"{"input": {"q": "a"}}"# + "\n"
                + #"{"input": "b", "expected": null, "tags": null, "difficulty": null, "checks": null}"#)
        #expect(imported.cases.map(\.input) == [["q": "a"], ["input": "b"]])
        #expect(
            imported.cases.allSatisfy {
                $0.expected == nil && $0.tags.isEmpty && $0.difficulty == 3 && $0.checks.isEmpty
            })
    }

    @Test("lines end as they like, and blank ones are skipped", arguments: ["\n", "\r\n"])
    func lineEnds(_ end: String) throws {
        let text = ["", #"{"input": "a"}"#, "  ", #"{"input": "b"}"#, "", ""].joined(separator: end)
        let imported = try read(text)
        #expect(imported.cases.map { $0.input["input"] } == ["a", "b"])
        #expect(imported.rejected.isEmpty)
    }

    @Test("a separator of lines inside a text does not end the line")
    func lineSeparators() throws {
        #expect(try read("{\"input\": \"a\u{2028}b\u{85}c\"}").cases.first?.input["input"] == "a\u{2028}b\u{85}c")
    }

    @Test("bad lines are reported by their number, and the others are read")
    func badLines() throws {
        let lines = [
            #"{"input": {"q": "a"}}"#, "not JSON", #"{"input": {"q": "a"},}"#, "", #"["a"]"#, #"{"expected": "x"}"#,
            #"{"input": {}}"#, #"{"input": null}"#, #"{"input": "q", "difficulty": 0}"#,
            #"{"input": "q", "difficulty": 2.5}"#,
            #"{"input": "q", "difficulty": "3"}"#, #"{"input": "q", "tags": "a"}"#, #"{"input": "q", "tags": [1]}"#,
            #"{"input": {"q": "z"}}"#,
        ]
        let imported = try read(lines.joined(separator: "\n"))
        #expect(imported.cases.map { $0.input["q"] } == ["a", "z"])
        #expect(imported.rejected.map(\.row) == [2, 3, 5, 6, 7, 8, 9, 10, 11, 12, 13])
        let messages = Dictionary(
            imported.rejected.map { ($0.row, $0.message) }, uniquingKeysWith: { first, _ in first })
        #expect(messages[5]?.contains("must be an object") == true)
        #expect(messages[6]?.contains("no \"input\"") == true)
        #expect(messages[7]?.contains("empty") == true)
        #expect(messages[9]?.contains("from 1 to 5") == true)
        #expect(messages[12]?.contains("tags") == true)
    }

    @Test("a case of 2 MB is refused with its size, one of a megabyte is taken, and the others are read")
    func hugeCase() throws {
        let huge = String(repeating: "x", count: 2 << 20)
        let large = String(repeating: "x", count: (1 << 20) - 100)
        let text = [#"{"input": "a"}"#, #"{"input": "\#(huge)"}"#, #"{"input": "\#(large)"}"#].joined(separator: "\n")
        let imported = try read(text)
        #expect(imported.cases.count == 2)
        #expect(imported.rejected.map(\.row) == [2])
        #expect(imported.rejected.first?.message.contains("2048 KiB") == true)
        let table = try read("message\n\(huge)\nfine\n", .csv)
        #expect(table.cases.count == 1)
        #expect(table.rejected.map(\.row) == [2])
    }

    @Test("an empty file has no case, and one case is enough")
    func few() throws {
        #expect(try read("").cases.isEmpty)
        #expect(try read("\n\n").cases.isEmpty)
        #expect(try read("[]", .json).cases.isEmpty)
        #expect(try read(#"{"input": "a"}"#).cases.count == 1)
        #expect(try read(#"[{"input": "a"}]"#, .json).cases.count == 1)
    }

    @Test("a byte order mark does no harm")
    func byteOrderMark() throws {
        #expect(try read("\u{FEFF}{\"input\": \"a\"}\n").cases.count == 1)
        #expect(try read("\u{FEFF}[{\"input\": \"a\"}]", .json).cases.count == 1)
    }

    @Test("a JSON document is a list of cases, or an object that holds one")
    func documents() throws {
        let imported = try read(#"{"cases": [{"input": "a"}, 3, {"input": "b"}]}"#, .json)
        #expect(imported.cases.count == 2)
        #expect(imported.rejected.map(\.row) == [2])
        for text in ["", "{", "3", #"{"input": "a"}"#, "[{}] x"] {
            let error = #expect(throws: EdisonError.self) { try read(text, .json) }
            #expect(error?.code == .invalid)
        }
    }

    @Test("a fault in a JSON document is named with line and column")
    func documentFault() {
        let error = #expect(throws: EdisonError.self) { try read("[\n  {\"input\": 'a'}\n]", .json) }
        #expect(error?.message.contains("line 2, column 13") == true)
    }

    @Test("members are mapped to where they belong")
    func mapping() throws {
        let imported = try read(
            #"{"question": "a", "context": {"x": 1}, "answer": "b", "topic": ["t"]}"#,
            mapping: ["question": "input.q", "context": "input.c", "answer": "expected", "topic": "tags"])
        let testCase = try #require(imported.cases.first)
        #expect(testCase.input == ["q": "a", "c": ["x": 1]])
        #expect(testCase.expected == "b")
        #expect(testCase.tags == ["t"])
    }

    @Test("the ending of a file tells its format")
    func formats() {
        #expect(CaseImport.Format(path: "a/b.CSV") == .csv)
        #expect(CaseImport.Format(path: "b.json") == .json)
        #expect(CaseImport.Format(path: "b.jsonl") == .jsonl)
        #expect(CaseImport.Format(path: "b.ndjson") == .jsonl)
        #expect(CaseImport.Format(path: "b") == .jsonl)
    }
}
