import EdisonCore
import EdisonDatasets
import EdisonTestKit
import EdisonText
import Testing

@testable import EdisonExperiments

/// Files as they lie on a disk: bytes that may be no text at all.
@Suite("Broken input: files of cases and of prompts, as bytes")
struct FileFuzzTests {
    @Test(
        "what is no UTF-8 is refused with what to do, and anything else reaches its reader and does not crash it",
        arguments: ["cases.csv", "cases.jsonl", "cases.json", "prompt.txt"])
    func files(_ name: String) {
        let fuzzer = Fuzzer(
            "bytes of \(name)",
            corpus: [
                "message,expected,tags\n\"a, \"\"ä\"\"\",yes,\"x;y\"\nplain,no,\n",
                #"{"input": {"message": "ä"}, "expected": "b", "tags": ["x"]}"# + "\n" + #"{"message": "c"}"# + "\n",
                #"[{"input": {"message": "🙂"}, "checks": [{"contains": "b"}]}]"#,
                "\u{FEFF}Answer {{name}}.\n{{#items}}\n- {{.}}\n{{/items}} ü",
            ], words: ["\"", ",", "\n", "\r\n", "{", "}", "{{", "}}", "\u{FEFF}", "\u{0}", "ä", "🙂"],
            bytes: Fuzzer.noText)
        var refused = 0
        let outcome = fuzzer.run { bytes in
            let isText = String(validating: bytes, as: UTF8.self) != nil
            do throws(EdisonError) {
                let text = try FileEnvironment.text(bytes, of: name)
                if !isText { Issue.record("taken for text: \(bytes)") }
                if name == "prompt.txt" {
                    _ = try? Template(text).render(["name": "a", "items": [1]])
                } else {
                    _ = try? CaseImport.read(text, format: .init(path: name), kind: .golden)
                }
            } catch {
                refused += 1
                if isText || error.detail?.contains("UTF-8") != true { Issue.record("refused: \(bytes): \(error)") }
            }
        }
        #expect(outcome.turns > 50)
        #expect(refused > 10)
        #expect(outcome.slow == [])
    }
}
