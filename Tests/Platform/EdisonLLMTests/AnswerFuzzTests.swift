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
            ], words: ["data:", "event:", "\n\n", "\r", "\r\n", ":", "\u{FEFF}", "\u{0}", "🙂"])
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
            words: ["```", "```json\n", "{", "}", "[", "]", "\"", "\\", "<think>", "</think>", ",", ":", "🙂", "\u{0}"])
        let outcome = fuzzer.run { bytes in _ = StructuredAnswer.json(in: String(decoding: bytes, as: UTF8.self)) }
        #expect(outcome.turns > 100)
        #expect(outcome.slow == [])
    }
}
