import EdisonCore
import EdisonTestKit
import EdisonText
import Testing

@Suite("Broken input: templates, diffs and JSON")
struct TextFuzzTests {
    @Test("no template crashes the reader, and what it reads it can fill in")
    func templates() {
        let fuzzer = Fuzzer(
            "template",
            corpus: [
                "Answer {{name}}.\n{{#items}}\n- {{.}}\n{{/items}}", "{{=<% %>=}}<% a.b.c %>{{^x}}y{{/x}}",
                "{{! a comment }}{{{raw}}}{{&raw}}{{> part}}", "ä {{ ü.é }} 🙂",
            ], words: ["{{", "}}", "{{#", "{{/", "{{^", "{{=", "=}}", "{{{", ".", "\u{0}", "🙂", "\r\n"])
        let data: JSONValue = ["name": "{{name}}", "items": [1, 2, ["a": "b"]], "a": ["b": ["c": true]], "x": false]
        let outcome = fuzzer.run { bytes in
            guard let template = try? Template(String(decoding: bytes, as: UTF8.self)) else { return }
            _ = try? template.render(data)
            _ = try? template.missing(in: data)
            _ = template.unused(in: data)
        }
        #expect(outcome.turns > 100)
        #expect(outcome.slow == [])
    }

    @Test("no diff crashes the reader, and none that applies twice over changes its own result")
    func diffs() {
        let old = "one\ntwo\nthree\nfour\nfive\n"
        let fuzzer = Fuzzer(
            "diff",
            corpus: [
                "--- a\n+++ b\n@@ -1,3 +1,3 @@\n one\n-two\n+2\n three\n",
                "--- a\n+++ b\n@@ -1 +1,2 @@\n one\n+half\n@@ -4,2 +5 @@\n four\n-five\n\\ No newline at end of file\n",
                "diff --git a/x b/x\nnew file mode 100644\n--- /dev/null\n+++ b/x\n@@ -0,0 +1 @@\n+x\n",
            ],
            words: [
                "@@ ", " @@\n", "@@ -1,99999999999999999999 +1 @@\n", "\n", "--- ", "+++ ", "-", "+", " ", "\\ No",
                "\r",
            ])
        let outcome = fuzzer.run { bytes in
            for repairing in [false, true] {
                guard let patch = try? Patch(parsing: bytes, repairingCounts: repairing) else { continue }
                _ = try? patch.apply(to: old)
                _ = try? patch.apply(to: old, options: PatchOptions(fuzz: 2, allowsZeroContext: true))
            }
        }
        #expect(outcome.turns > 100)
        #expect(outcome.slow == [])
    }

    @Test("no JSON crashes the reader, and what it reads it writes so that it reads the same again")
    func json() {
        let fuzzer = Fuzzer(
            "json",
            corpus: [
                #"{"a": [1, -2.5e10, true, null], "b": {"c": "ä\n🙂"}}"#, "[[[[[[[]]]]]]]", #""plain""#, "0",
                #"{"": {"": {"": []}}}"#,
            ], words: ["{", "}", "[", "]", "\"", ":", ",", "\\u0000", "\\uD800", "1e999", "-", "\u{0}", "tru", "🙂"])
        let outcome = fuzzer.run { bytes in
            guard let value = try? JSONValue(parsing: bytes) else { return }
            let again = try? JSONValue(parsing: value.text(.canonical))
            if again?.text(.canonical) != value.text(.canonical) { Issue.record("not the same again: \(value.text())") }
        }
        #expect(outcome.turns > 100)
        #expect(outcome.slow == [])
    }
}
