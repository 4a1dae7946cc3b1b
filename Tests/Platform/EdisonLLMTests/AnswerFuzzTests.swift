import EdisonCore
import EdisonLLM
import EdisonTestKit
import Testing

@Suite("Broken input: answers of providers")
struct AnswerFuzzTests {
    /// The parts of a stream may be cut anywhere.
    @Test("no stream of events crashes the reader, and cuts change nothing")
    func events() {
        let fuzzer = Fuzzer(
            "events",
            corpus: [
                "event: message_start\ndata: {\"a\": 1}\n\ndata: [DONE]\n\n", ": comment\nid: 1\nretry: 5\ndata\n\n",
                "data: ä🙂\r\ndata: second line\r\n\r\n",
            ],
            words: ["data:", "event:", "\n\n", "\r", "\r\n", ":", "\u{FEFF}", "\u{0}", "🙂"], bytes: Fuzzer.noText)
        let outcome = fuzzer.run { bytes in
            var whole = SSEParser()
            let once = whole.feed(bytes) + whole.finish()
            var cut = SSEParser()
            var pieces: [SSEEvent] = []
            for start in stride(from: 0, to: bytes.count, by: 3) {
                pieces += cut.feed(bytes[start..<min(start + 3, bytes.count)])
            }
            if pieces + cut.finish() != once { Issue.record("cuts change the events of \(bytes)") }
        }
        #expect(outcome.turns > 100)
        #expect(outcome.slow == [])
    }

    @Test("no answer crashes the tolerant reader")
    func answers() {
        let fuzzer = Fuzzer(
            "answer",
            corpus: [
                "Here it is:\n```json\n{\"scores\": {\"Quality\": 4}, \"suggestions\": []}\n```\nGood luck!",
                #"{"scores": {"Quality": 4}} and then {"scores": {"Quality": 5}}"#, "<think>{</think>{\"a\": 1}",
                "[1, 2, {\"a\": [",
            ],
            words: ["```", "```json\n", "{", "}", "[", "]", "\"", "\\", "<think>", "</think>", ",", ":", "🙂", "\u{0}"],
            bytes: Fuzzer.noText)
        let outcome = fuzzer.run { bytes in
            // As it comes: a string in the body of a provider's answer, whose bytes nobody has looked at before.
            guard let body = try? JSONValue(parsing: Self.body(bytes)), let text = body["content"]?.string else {
                if String(validating: bytes, as: UTF8.self) != nil { Issue.record("not read: \(bytes)") }
                return
            }
            _ = StructuredAnswer.json(in: text)
        }
        #expect(outcome.turns > 100)
        #expect(outcome.slow == [])
    }

    private static func body(_ text: [UInt8]) -> [UInt8] {
        let escaped = text.flatMap { byte -> [UInt8] in
            switch byte {
            case 0x22, 0x5C: [0x5C, byte]
            case 0..<0x20: Array(("\\u00" + (byte < 16 ? "0" : "") + String(byte, radix: 16)).utf8)
            default: [byte]
            }
        }
        return Array(#"{"content": ""#.utf8) + escaped + Array(#""}"#.utf8)
    }
}
