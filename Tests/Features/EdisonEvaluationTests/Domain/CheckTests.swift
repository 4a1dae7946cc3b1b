import EdisonCore
import EdisonEvaluation
import Testing

/// A check, an output, the case's `expected`, and whether it passes; nil = it does not apply.
struct CheckExample: Sendable, CustomTestStringConvertible {
    let check: JSONValue
    let output: String
    let expected: JSONValue?
    let passes: Bool?

    init(_ check: JSONValue, _ output: String, expected: JSONValue? = nil, _ passes: Bool?) {
        self.check = check
        self.output = output
        self.expected = expected
        self.passes = passes
    }

    var testDescription: String { "\(check.text()) on \(output.prefix(40))" }

    static let equality = [
        CheckExample(["equals": "billing"], " billing\n", true), CheckExample(["equals": "billing"], "Billing", false),
        CheckExample(["equals": "billing"], "billing.", false),
        CheckExample(["equals": "caf\u{E9}"], "cafe\u{301}", false),
        CheckExample(["equals": ["b": 1, "a": [1, 2]]], #"{ "a": [1, 2.0], "b": 1 }"#, true),
        CheckExample(["equals": ["a": 1]], #"{"a": 2}"#, false), CheckExample(["equals": ["a": 1]], "no JSON", false),
        CheckExample(["equals": 42], "42", true), CheckExample(["equals": 42], "43", false),
        CheckExample(["equals": "{expected}"], "billing", expected: "billing", true),
        CheckExample(["equals": "{expected}"], "shipping", expected: "billing", false),
        CheckExample(["equals": "{expected}"], #"{"q":1}"#, expected: ["q": 1], true),
        CheckExample(["equals": "{expected}"], "7", expected: 7, true),
        CheckExample(["equals": "{expected}"], "anything", nil),
    ]

    static let containment = [
        CheckExample(["contains": "refund"], "Your Refund is on its way", true),
        CheckExample(["contains": "refund"], "We pay back", false),
        CheckExample(["contains": ["refund", "days"]], "A refund within 3 days", true),
        CheckExample(["contains": ["refund", "days"]], "A refund", false),
        CheckExample(["contains": "{expected}"], "It is billing.", expected: "billing", true),
        CheckExample(["contains": "{expected}"], "It is 42.", expected: 42, true),
        CheckExample(["contains": "{expected}"], "It is billing.", expected: ["billing", "tax"], false),
        CheckExample(["contains": "{expected}"], "It is billing.", nil),
        CheckExample(["not_contains": "sorry"], "We help", true),
        CheckExample(["not_contains": "sorry"], "SORRY, no", false),
        CheckExample(["not_contains": ["sorry", "cannot"]], "We cannot", false),
        CheckExample(["not_contains": "{expected}"], "It is shipping", expected: "billing", true),
        CheckExample(["not_contains": "{expected}"], "It is billing", expected: "billing", false),
        CheckExample(["not_contains": "{expected}"], "It is billing", nil),
    ]

    static let patterns = [
        CheckExample(["regex": "^[A-Z]{2}-\\d+$"], "AB-12", true),
        CheckExample(["regex": "^[A-Z]{2}-\\d+$"], "AB-12x", false),
        CheckExample(["regex": "order \\d+"], "Your order 17 is here", true),
        CheckExample(["regex": "(?i)ORDER"], "the order", true), CheckExample(["regex": "👩‍👩‍👧"], "a 👩‍👩‍👧 b", true),
        CheckExample(["regex": "{expected}"], "AB-12", expected: "^AB", true),
        CheckExample(["regex": "{expected}"], "AB-12", expected: "^CD", false),
        CheckExample(["regex": "{expected}"], "AB-12", nil),
    ]

    private static let schema: JSONValue = [
        "json_schema": [
            "type": "object", "required": ["queue"], "properties": ["queue": ["enum": ["billing", "shipping"]]],
            "additionalProperties": false,
        ]
    ]

    static let schemas = [
        CheckExample(schema, #"{"queue": "billing"}"#, true), CheckExample(schema, #"{"queue": "sales"}"#, false),
        CheckExample(schema, "{}", false), CheckExample(schema, #"{"queue": "billing", "x": 1}"#, false),
        CheckExample(schema, "billing", false), CheckExample(schema, "", false),
    ]

    static let lengths = [
        CheckExample(["max_words": 3], "one two three", true),
        CheckExample(["max_words": 3], "one two three four", false),
        CheckExample(["max_words": 3], "  one\n\ntwo\tthree  ", true), CheckExample(["max_words": 0], "", true),
        CheckExample(["max_words": 0], "one", false),
    ]

    static let numbers = [
        CheckExample(["numeric_tolerance": ["tolerance": 0.5, "value": 10]], "It is 10.5.", true),
        CheckExample(["numeric_tolerance": ["tolerance": 0.5, "value": 10]], "It is 10.51", false),
        CheckExample(["numeric_tolerance": ["tolerance": 0, "value": -3]], "-3", true),
        CheckExample(["numeric_tolerance": ["tolerance": 0, "value": 1234.5]], "about 1,234.5 EUR", true),
        CheckExample(["numeric_tolerance": ["tolerance": 0, "value": 1500]], "1.5e3", true),
        CheckExample(["numeric_tolerance": ["tolerance": 1, "value": 5]], "five", false),
        CheckExample(["numeric_tolerance": 2], "41", expected: 42, true),
        CheckExample(["numeric_tolerance": 2], "39", expected: 42, false),
        CheckExample(["numeric_tolerance": 2], "41", expected: "42 EUR", true),
        CheckExample(["numeric_tolerance": 2], "41", expected: "many", nil),
        CheckExample(["numeric_tolerance": 2], "41", nil),
    ]

    static let all = equality + containment + patterns + schemas + lengths + numbers
}

@Suite("Deterministic checks")
struct CheckTests {
    @Test("every kind decides against a constant and against what is expected", arguments: CheckExample.all)
    func examples(_ example: CheckExample) throws {
        let outcome = try Check(json: example.check).evaluate(example.output, expected: example.expected)
        switch outcome {
        case .passed: #expect(example.passes == true)
        case .failed(let reason):
            #expect(example.passes == false)
            #expect(!reason.isEmpty)
        case .notApplicable(let reason):
            #expect(example.passes == nil)
            #expect(!reason.isEmpty)
        }
    }

    @Test("every kind has its examples")
    func complete() {
        let kinds = Set(CheckExample.all.compactMap { $0.check.object?.keys.first })
        #expect(kinds == Set(Check.Kind.allCases.map(\.rawValue)))
    }

    @Test(
        "a check that makes no sense is refused, with words that help",
        arguments: [
            (["equalz": "x"], "unknown check \"equalz\"; known are equals, contains"),
            (["regex": "("], "not a regular expression"),
            (["regex": 3], "needs a pattern"), (["json_schema": "x"], "needs a schema"),
            (["max_words": "few"], "whole number"),
            (["max_words": -1], "whole number"), (["max_words": 2.5], "whole number"),
            (["numeric_tolerance": -1], "needs a number"),
            (["numeric_tolerance": ["value": 3]], "needs a number"), ([:], "one of"), ("x", "one of"),
            (["equals": "a", "contains": "b"], "one of"),
        ] as [(JSONValue, String)])
    func faults(_ json: JSONValue, _ words: String) {
        let fault = #expect(throws: CheckFault.self) { try Check(json: json) }
        #expect(fault?.description.contains(words) == true)
    }

    @Test("a check is written as it was read", arguments: CheckExample.all)
    func json(_ example: CheckExample) throws { #expect(try Check(json: example.check).json == example.check) }

    @Test("a failure names what is missing or found")
    func reasons() throws {
        let missing = try Check(json: ["contains": ["refund", "days", "thanks"]]).evaluate("thanks", expected: nil)
        #expect(missing == .failed(#"does not contain "refund", "days""#))
        let found = try Check(json: ["not_contains": ["sorry"]]).evaluate("so sorry", expected: nil)
        #expect(found == .failed(#"contains "sorry""#))
        let long = try Check(json: ["max_words": 1]).evaluate("a b", expected: nil)
        #expect(long == .failed("has 2 words, at most 1 are allowed"))
    }
}
