import EdisonCore
import EdisonTestKit
import Foundation
import Testing

/// Random documents that are hard on readers and writers.
private struct RandomJSON {
    var draw: SeededGenerator

    init(_ round: Int) { draw = SeededGenerator(round) }

    private static let texts = [
        "", "a", "caf\u{E9}", "cafe\u{301}", "👩‍👩‍👧", "\u{0}", "\u{1F}", "\u{7F}", "\"", "\\", "/", "\n\r\t\u{8}\u{C}",
        "\u{2028}\u{2029}",
        "\u{FFFF}", "\u{FEFF}", "</script>", "\u{10FFFF}", "1", "null",
    ]
    private static let numbers: [JSONValue] = [
        0, 1, -1, .integer(.max), .integer(.min), 0.1, -0.0, 1e-7, 1e21, 1.7976931348623157e308, 5e-324, 123456789.125,
        1.0, 2e15, 0.30000000000000004,
    ]

    mutating func text() -> String {
        (0..<Int.random(in: 0...3, using: &draw)).map { _ in Self.texts.randomElement(using: &draw) ?? "" }.joined()
    }

    mutating func value(depth: Int = 0) -> JSONValue {
        switch Int.random(in: 0..<(depth > 4 ? 5 : 8), using: &draw) {
        case 0: return .null
        case 1: return .bool(Bool.random(using: &draw))
        case 2: return Self.numbers.randomElement(using: &draw) ?? 0
        case 3: return .integer(Int64.random(in: .min ... .max, using: &draw))
        case 4: return .string(text())
        case 5: return .number(Double(bitPattern: UInt64.random(in: 0...0x7FEF_FFFF_FFFF_FFFF, using: &draw)))
        case 6: return .array((0..<Int.random(in: 0...4, using: &draw)).map { _ in value(depth: depth + 1) })
        default:
            var object = JSONObject()
            for _ in 0..<Int.random(in: 0...20, using: &draw) { object[text()] = value(depth: depth + 1) }
            return .object(object)
        }
    }
}

@Suite("Writing JSON")
struct JSONWriterTests {
    @Test("what is written is read back the same, and by other readers too")
    func roundTrip() throws {
        for round in 0..<1_000 {
            var random = RandomJSON(round)
            let value = random.value()
            for style in [JSONValue.Style.compact, .pretty] {
                let text = value.text(style)
                let read = try JSONValue(parsing: text)
                #expect(read == value, "round \(round)")
                #expect(read.text(style) == text, "round \(round)")
            }
            let foreign = try JSONSerialization.jsonObject(with: Data(value.text().utf8), options: .fragmentsAllowed)
            #expect(JSONSerialization.isValidJSONObject([foreign]))
        }
    }

    @Test("the canonical form does not depend on the order of keys, and is its own canonical form")
    func canonical() throws {
        for round in 0..<1_000 {
            var random = RandomJSON(round)
            let value = random.value()
            let text = value.text(.canonical)
            #expect(shuffled(value, &random.draw).text(.canonical) == text, "round \(round)")
            #expect(try JSONValue(parsing: text).text(.canonical) == text, "round \(round)")
        }
    }

    private func shuffled(_ value: JSONValue, _ draw: inout SeededGenerator) -> JSONValue {
        switch value {
        case .array(let elements): return .array(elements.map { shuffled($0, &draw) })
        case .object(let object):
            var members: [(String, JSONValue)] = []
            for (key, member) in object { members.append((key, shuffled(member, &draw))) }
            return .object(JSONObject(members.shuffled(using: &draw)))
        default: return value
        }
    }

    @Test("keys are sorted by their bytes, and numbers that are equal are written alike")
    func canonicalForm() {
        let value: JSONValue = ["b": 1.0, "a": [true, nil], "é": 2, "Z": 0.5, "": "x", "e\u{301}": -0.0, "big": 1e15]
        #expect(
            value.text(.canonical)
                == "{\"\":\"x\",\"Z\":0.5,\"a\":[true,null],\"b\":1,\"big\":1000000000000000,\"e\u{301}\":0,\"é\":2}")
        #expect(JSONValue.number(1).text(.canonical) == JSONValue.integer(1).text(.canonical))
        #expect(JSONValue.number(0.5).text(.canonical) != JSONValue.integer(0).text(.canonical))
    }

    @Test("different documents have different canonical forms")
    func injective() {
        let values: [JSONValue] = [
            nil, true, false, 0, 1, 0.5, "", "0", "null", [], [[]], [0], ["0"], [:], ["a": nil], ["a": 0], ["a": "0"],
            ["": 0], [nil], ["a", "b"], ["ab"],
            ["a,b"], ["a": ["b": 0]], [["a": 0]], "\u{E9}", "e\u{301}",
        ]
        #expect(Set(values.map { $0.text(.canonical) }.map { Array($0.utf8) }).count == values.count)
    }

    @Test("only what JSON demands is escaped")
    func escapes() {
        #expect(
            JSONValue.string("\"\\/\u{8}\u{C}\n\r\t\u{1}\u{1F}\u{7F}é😀").text()
                == "\"\\\"\\\\/\\b\\f\\n\\r\\t\\u0001\\u001f\u{7F}é😀\"")
    }

    @Test("what JSON cannot hold is written as null", arguments: [Double.nan, .infinity, -.infinity])
    func notANumber(_ number: Double) {
        for style in [JSONValue.Style.compact, .canonical, .pretty] {
            #expect(JSONValue.number(number).text(style) == "null")
        }
    }

    @Test("whole doubles keep their point, so that they stay doubles")
    func doubles() throws {
        #expect(JSONValue.number(1).text() == "1.0")
        #expect(try JSONValue(parsing: "1.0").text() == "1.0")
        #expect(try JSONValue(parsing: "1").text() == "1")
        #expect(JSONValue.number(0.1 + 0.2).text() == "0.30000000000000004")
    }

    @Test("the pretty form is for people")
    func pretty() {
        let value: JSONValue = ["b": [1, ["x": true]], "a": [:], "c": []]
        #expect(
            value.text(.pretty) == """
                {
                  "b": [
                    1,
                    {
                      "x": true
                    }
                  ],
                  "a": {},
                  "c": []
                }
                """)
    }

    @Test("objects are equal in any order, unequal in any value")
    func equality() {
        let one: JSONObject = ["a": 1, "b": [2]]
        #expect(one == ["b": [2], "a": 1])
        #expect(one.hashValue == (["b": [2], "a": 1] as JSONObject).hashValue)
        #expect(one != ["a": 1])
        #expect(one != ["a": 1, "b": [3]])
        #expect(one != ["a": 1, "b": [2], "c": nil])
    }
}
