import EdisonCore
import EdisonTestKit
import Testing

@Suite("Reading JSON")
struct JSONParserTests {
    private func parsed(_ text: String) -> JSONValue? { try? JSONValue(parsing: text) }

    @Test("whole numbers stay integers while they fit, others are doubles")
    func numbers() {
        #expect(parsed("0") == .integer(0))
        #expect(parsed("-0") == .integer(0) || parsed("-0") == .number(-0.0))
        #expect(parsed("9223372036854775807") == .integer(.max))
        #expect(parsed("-9223372036854775808") == .integer(.min))
        #expect(parsed("9223372036854775808") == .number(9_223_372_036_854_775_808))
        #expect(parsed("1.0") == .number(1))
        #expect(parsed("1e2") == .number(100))
        #expect(parsed("-1.5E-3") == .number(-0.0015))
        #expect(parsed("0.1")?.double == 0.1)
        #expect(parsed("5e-324") == .number(.leastNonzeroMagnitude))
        #expect(parsed("1e-400") == .number(0))
        #expect(parsed("1.7976931348623157e308") == .number(.greatestFiniteMagnitude))
    }

    @Test(
        "what is no number of JSON is refused",
        arguments: [
            "+1", ".5", "1.", "1.e2", "01", "-01", "00", "1e", "1e+", "--1", "-", "0x10", "1_000", "NaN", "Infinity",
            "-Infinity", "1e400",
            "-1e400", "1,5", "１",
        ])
    func badNumbers(_ text: String) { #expect(throws: JSONSyntaxError.self) { try JSONValue(parsing: text) } }

    @Test("escapes and pairs of surrogates become what they stand for")
    func escapes() {
        #expect(parsed(#""\"\\\/\b\f\n\r\t""#) == .string("\"\\/\u{8}\u{C}\n\r\t"))
        #expect(parsed(#""\u0041\u00e9\u4E2D""#) == .string("Aé中"))
        #expect(parsed(#""\uD83D\uDE00""#) == .string("😀"))
        #expect(parsed(#""\u0000""#) == .string("\u{0}"))
    }

    @Test("half a pair of surrogates becomes the replacement character, and what follows stays")
    func loneSurrogates() {
        #expect(parsed(#""\uD83D""#) == .string("\u{FFFD}"))
        #expect(parsed(#""\uDE00""#) == .string("\u{FFFD}"))
        #expect(parsed(#""\uDE00\uD83D""#) == .string("\u{FFFD}\u{FFFD}"))
        #expect(parsed(#""\uD83Dx""#) == .string("\u{FFFD}x"))
        #expect(parsed(#""\uD83D\n""#) == .string("\u{FFFD}\n"))
        #expect(parsed(#""\uD83D\u0041""#) == .string("\u{FFFD}A"))
        #expect(parsed(#""\uD83D\uD83D\uDE00""#) == .string("\u{FFFD}😀"))
    }

    @Test(
        "a broken text is refused",
        arguments: [
            "\"", "\"a", #""\"#, #""\x""#, #""\u12""#, #""\u12G4""#, "\"a\nb\"", "\"\t\"", "\"\u{0}\"", "'a'",
            #""\u{41}""#,
        ])
    func badTexts(_ text: String) { #expect(throws: JSONSyntaxError.self) { try JSONValue(parsing: text) } }

    @Test(
        "bytes that are no UTF-8 are refused",
        arguments: [
            [0xFF], [0xC3], [0xC3, 0x28], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xC0, 0xAF], [0xE2, 0x82],
        ] as [[UInt8]])
    func badBytes(_ bytes: [UInt8]) {
        #expect(throws: JSONSyntaxError.self) { try JSONValue(parsing: [0x22] + bytes + [0x22]) }
        #expect(throws: JSONSyntaxError.self) {
            try JSONValue(parsing: Array("{\"".utf8) + bytes + Array("\": 1}".utf8))
        }
        #expect(throws: JSONSyntaxError.self) { try JSONValue(parsing: bytes) }
    }

    @Test("a key that stands twice has its last value, at its first place")
    func duplicateKeys() {
        let value = parsed(#"{"a": 1, "b": 2, "a": 3}"#)
        #expect(value?.object?.keys == ["a", "b"])
        #expect(value?["a"] == 3)
        #expect(parsed("{\"caf\u{E9}\": 1, \"cafe\u{301}\": 2}")?.object?.count == 2)
    }

    @Test("an object of many members finds each, and keeps their order")
    func largeObjects() throws {
        let keys = (0..<300).map { "key \($0 * 7 % 300)" }
        let text = "{" + keys.map { "\"\($0)\": \"\($0)\"" }.joined(separator: ",") + "}"
        var object = try #require(parsed(text)?.object)
        #expect(object.keys == keys)
        for key in keys { #expect(object[key] == .string(key)) }
        for key in keys.prefix(290) { object[key] = nil }
        #expect(object.keys == Array(keys.suffix(10)))
        object["key 1"] = 5
        #expect(object["key 1"] == 5)
        #expect(object[keys[299]] == .string(keys[299]))
    }

    @Test("512 levels are read, more are refused, however many", arguments: ["[", "{\"a\":"])
    func depth(_ open: String) {
        let close = open == "[" ? "]" : "}"
        func nested(_ levels: Int) -> String {
            String(repeating: open, count: levels) + "1" + String(repeating: close, count: levels)
        }
        #expect(parsed(nested(512)) != nil)
        #expect(throws: JSONSyntaxError.self) { try JSONValue(parsing: nested(513)) }
        #expect(throws: JSONSyntaxError.self) { try JSONValue(parsing: String(repeating: open, count: 1_000_000)) }
    }

    @Test(
        "what is no document is refused",
        arguments: [
            "", " ", "[", "]", "{", "}", "[1", "[1,", "[1,]", "[,1]", "[1 2]", "{\"a\"}", "{\"a\":}", "{\"a\":1,}",
            "{a: 1}", "{1: 2}", "{,}",
            "tru", "True", "nul", "nulll", "1 2", "[] []", "// x\n1", "/* x */ 1", "#", "\u{A0}1", "[1]\u{0}",
        ])
    func badDocuments(_ text: String) { #expect(throws: JSONSyntaxError.self) { try JSONValue(parsing: text) } }

    @Test("white space and a byte order mark do no harm")
    func whiteSpace() {
        #expect(parsed(" \t\r\n[ 1 , \n {\"a\" : null } ] \n") == [1, ["a": nil]])
        #expect(parsed("\u{FEFF}[1]") == [1])
    }

    @Test(
        "a fault is named by line and column",
        arguments: [
            ("[1,\n  2,\n  x]", 3, 3, 11), ("{\"é\": }", 1, 7, 7), ("\"a\nb\"", 1, 3, 2), ("", 1, 1, 0),
            ("[1]\n\n}", 3, 1, 5),
        ])
    func places(_ text: String, _ line: Int, _ column: Int, _ offset: Int) {
        let fault = #expect(throws: JSONSyntaxError.self) { try JSONValue(parsing: text) }
        #expect(fault?.line == line)
        #expect(fault?.column == column)
        #expect(fault?.offset == offset)
        #expect(fault?.description.contains("at line \(line), column \(column)") == true)
    }

    @Test("any bytes at all are read or refused")
    func anything() {
        let pieces =
            [
                "{", "}", "[", "]", ":", ",", "\"", "\\", "u", "1", "-", ".", "e", " ", "\n", "true", "null", "\u{E9}",
                "\\uD83D",
            ]
            .map { Array($0.utf8) } + [[0xFF], [0x80], [0x00]]
        for round in 0..<5_000 {
            var draw = SeededGenerator(round)
            let bytes = (0..<Int.random(in: 0...24, using: &draw)).flatMap { _ in
                pieces.randomElement(using: &draw) ?? []
            }
            guard let value = try? JSONValue(parsing: bytes) else { continue }
            #expect(parsed(value.text()) == value, "round \(round)")
        }
    }

    @Test("values are reached by key and index, and told by their kind")
    func access() {
        let value: JSONValue = ["a": [1, 2.0, "x", true, nil]]
        #expect(value["a"]?[0]?.int == 1)
        #expect(value["a"]?[1]?.int == 2)
        #expect(value["a"]?[1]?.double == 2)
        #expect(value["a"]?[2]?.string == "x")
        #expect(value["a"]?[3]?.bool == true)
        #expect(value["a"]?[4]?.isNull == true)
        #expect(value["a"]?[5] == nil)
        #expect(value["a"]?[-1] == nil)
        #expect(value["b"] == nil)
        #expect(value[0] == nil)
        #expect(JSONValue.number(2.5).int == nil)
        #expect(JSONValue.number(1e300).int == nil)
        #expect(JSONValue.string("1").double == nil)
        #expect(
            [JSONValue.null, true, 1, 1.5, "x", [], [:]].map(\.kind) == [
                "null", "a boolean", "a number", "a number", "text", "a list", "an object",
            ])
    }
}
