package import EdisonCore
import Foundation

/// A deterministic test of an output: no judge, no cost, the same answer every time.
package struct Check: Hashable, Sendable {
    package enum Kind: String, Sendable, CaseIterable {
        case equals, contains
        case notContains = "not_contains"
        case regex
        case jsonSchema = "json_schema"
        case maxWords = "max_words"
        case numericTolerance = "numeric_tolerance"
    }

    package let kind: Kind
    /// What is compared with: a constant, or `"expected"` in braces, `{expected}`, for the case's own value.
    package let operand: JSONValue

    package init(kind: Kind, operand: JSONValue) {
        self.kind = kind
        self.operand = operand
    }

    package var json: JSONValue { .object([kind.rawValue: operand]) }
}

extension Check {
    /// Reads `{contains: "refund"}`; throws what is wrong with it.
    package init(json: JSONValue) throws(CheckFault) {
        guard let object = json.object, object.count == 1, let (name, operand) = object.members.first else {
            throw CheckFault("a check is one of \(Self.names), with its value")
        }
        guard let kind = Kind(rawValue: name) else {
            throw CheckFault("unknown check \"\(name)\"; known are \(Self.names)")
        }
        self.init(kind: kind, operand: operand)
        try validate()
    }

    private static var names: String { Kind.allCases.map(\.rawValue).joined(separator: ", ") }

    private var refersToExpected: Bool { operand.string == "{expected}" || operand == true }

    private func validate() throws(CheckFault) {
        switch kind {
        case .equals, .contains, .notContains: break
        case .regex:
            if refersToExpected { return }
            guard let pattern = operand.string else { throw CheckFault("regex needs a pattern as text") }
            do { _ = try NSRegularExpression(pattern: pattern) } catch {
                throw CheckFault("\"\(pattern)\" is not a regular expression")
            }
        case .jsonSchema:
            guard operand.object != nil else { throw CheckFault("json_schema needs a schema as an object") }
        case .maxWords:
            guard let limit = operand.int, limit >= 0 else { throw CheckFault("max_words needs a whole number") }
        case .numericTolerance:
            let tolerance = operand.double ?? operand["tolerance"]?.double
            guard let tolerance, tolerance >= 0 else {
                throw CheckFault("numeric_tolerance needs a number, or {tolerance, value}")
            }
        }
    }
}

/// What is wrong with the definition of a check.
package struct CheckFault: Error, Sendable, CustomStringConvertible {
    package let description: String
    init(_ description: String) { self.description = description }
}
