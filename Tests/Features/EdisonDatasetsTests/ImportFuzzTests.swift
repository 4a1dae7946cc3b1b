import EdisonDatasets
import EdisonTestKit
import Testing

@Suite("Broken input: files of cases")
struct ImportFuzzTests {
    @Test("no file of cases crashes the reader", arguments: ["cases.csv", "cases.jsonl", "cases.json"])
    func files(_ name: String) {
        let fuzzer = Fuzzer(
            name,
            corpus: [
                "message,expected,tags\n\"a, \"\"b\"\"\",yes,\"x;y\"\nplain,no,\n",
                #"{"input": {"message": "a"}, "expected": "b", "tags": ["x"], "difficulty": 3}"# + "\n"
                    + #"{"message": "c"}"# + "\n",
                #"[{"input": {"message": "a"}, "checks": [{"contains": "b"}]}, {"input": "c"}]"#,
            ],
            words: [
                "\"", ",", "\n", "\r\n", ";", "{", "}", "[", "]", ":", "\u{FEFF}", "\u{0}", "\"\"", "🙂", "difficulty",
            ])
        let format = CaseImport.Format(path: name)
        let outcome = fuzzer.run { bytes in
            _ = try? CaseImport.read(String(decoding: bytes, as: UTF8.self), format: format, kind: .golden)
        }
        #expect(outcome.turns > 50)
        #expect(outcome.slow == [])
    }
}
