import EdisonLLM
import Testing

@Suite struct SSEParserTests {
    private static let text =
        "\u{FEFF}: comment\r\nevent: first\r\ndata: a\r\ndata:  b\r\n\r\ndata:ü\u{2028}€\n\n\rid: 7\revent: third\rdata\r\r"
        + "event: empty\n\ndata: last"

    private static let events = [
        SSEEvent(event: "first", data: "a\n b"), SSEEvent(event: nil, data: "ü\u{2028}€"),
        SSEEvent(event: "third", data: ""), SSEEvent(event: nil, data: "last"),
    ]

    @Test("a stream means the same however its bytes are cut", arguments: [1, 2, 3, 5, 7, 1000])
    func chunks(size: Int) {
        let bytes = Array(Self.text.utf8)
        var parser = SSEParser()
        var events: [SSEEvent] = []
        for start in stride(from: 0, to: bytes.count, by: size) {
            events += parser.feed(bytes[start..<min(start + size, bytes.count)])
        }
        #expect(events + parser.finish() == Self.events)
    }

    @Test("every single cut gives the same events")
    func singleCuts() {
        let bytes = Array(Self.text.utf8)
        for cut in 0...bytes.count {
            var parser = SSEParser()
            let events = parser.feed(bytes[..<cut]) + parser.feed(bytes[cut...]) + parser.finish()
            #expect(events == Self.events, "cut at \(cut)")
        }
    }

    @Test("JSON lines end at LF and CRLF only, and the last one may lack its end")
    func lines() {
        var splitter = LineSplitter()
        let lines =
            splitter.feed(Array("{\"a\":\r1}\r\n\n{\"b\":\"\u{2028}\"}\n{}".utf8))
            + [splitter.finish()].compactMap(\.self)
        let texts = lines.map { String(decoding: $0, as: UTF8.self) }
        #expect(texts == ["{\"a\":\r1}", "", "{\"b\":\"\u{2028}\"}", "{}"])
        #expect(splitter.finish() == nil)
    }
}
