package import EdisonCore
import EdisonLLM
import Foundation

/// What a check found; a check that needs an `expected` which the case lacks decides nothing.
package enum CheckOutcome: Hashable, Sendable {
    case passed
    case failed(String)
    case notApplicable(String)
}

extension Check {
    package func evaluate(_ output: String, expected: JSONValue?) -> CheckOutcome {
        switch kind {
        case .equals:
            compared(with: expected) { want in
                Self.isEqual(output, want) ? nil : "is not equal to \(Self.shown(want))"
            }
        case .contains:
            compared(with: expected) { want in
                let missing = Self.texts(want).filter { !Self.contains(output, $0) }
                return missing.isEmpty ? nil : "does not contain \(missing.map { "\"\($0)\"" }.joined(separator: ", "))"
            }
        case .notContains:
            compared(with: expected) { want in
                let found = Self.texts(want).filter { Self.contains(output, $0) }
                return found.isEmpty ? nil : "contains \(found.map { "\"\($0)\"" }.joined(separator: ", "))"
            }
        case .regex:
            compared(with: expected) { want in
                Self.matches(output, want.string ?? "") ? nil : "does not match \(Self.shown(want))"
            }
        case .jsonSchema: schema(output)
        case .maxWords: words(output)
        case .numericTolerance: numeric(output, expected: expected)
        }
    }

    private func compared(with expected: JSONValue?, fault: (JSONValue) -> String?) -> CheckOutcome {
        let isReference = operand.string == "{expected}" || operand == true
        guard let want = isReference ? expected : operand else {
            return .notApplicable("the case has no expected value")
        }
        return fault(want).map { .failed($0) } ?? .passed
    }

    private func schema(_ output: String) -> CheckOutcome {
        guard let value = try? JSONValue(parsing: output) else { return .failed("is not JSON") }
        let faults = JSONSchema(operand).faults(in: value)
        return faults.isEmpty ? .passed : .failed(faults.joined(separator: "; "))
    }

    private func words(_ output: String) -> CheckOutcome {
        let count = output.split { $0.isWhitespace }.count
        let limit = operand.int ?? 0
        return count <= limit ? .passed : .failed("has \(count) words, at most \(limit) are allowed")
    }

    private func numeric(_ output: String, expected: JSONValue?) -> CheckOutcome {
        let tolerance = operand.double ?? operand["tolerance"]?.double ?? 0
        let reference = operand["value"] ?? expected
        guard let want = reference?.double ?? reference?.string.flatMap(Self.number) else {
            return .notApplicable("the case has no expected number")
        }
        guard let got = Self.number(output) else { return .failed("holds no number") }
        return abs(got - want) <= tolerance ? .passed : .failed("\(got) is more than \(tolerance) away from \(want)")
    }

    /// Text against text after trimming; JSON against JSON by content.
    package static func isEqual(_ output: String, _ want: JSONValue) -> Bool {
        let trimmed = output.trimmingCharacters(in: .whitespacesAndNewlines)
        if let text = want.string {
            return trimmed.utf8.elementsEqual(text.trimmingCharacters(in: .whitespacesAndNewlines).utf8)
        }
        return (try? JSONValue(parsing: trimmed))?.text(.canonical) == want.text(.canonical)
    }

    private static func texts(_ value: JSONValue) -> [String] {
        value.array?.map { $0.string ?? $0.text() } ?? [value.string ?? value.text()]
    }

    private static func contains(_ output: String, _ part: String) -> Bool {
        part.isEmpty || output.range(of: part, options: .caseInsensitive) != nil
    }

    private static func matches(_ output: String, _ pattern: String) -> Bool {
        guard let expression = try? NSRegularExpression(pattern: pattern) else { return false }
        return expression.firstMatch(in: output, range: NSRange(output.startIndex..., in: output)) != nil
    }

    /// The first number in a text, thousands separators removed.
    private static func number(_ text: String) -> Double? {
        guard let range = text.range(of: #"-?\d[\d,]*(\.\d+)?([eE][-+]?\d+)?"#, options: .regularExpression) else {
            return nil
        }
        return Double(text[range].replacingOccurrences(of: ",", with: ""))
    }

    private static func shown(_ value: JSONValue) -> String {
        let text = value.text()
        return text.count > 80 ? "\(text.prefix(80))…" : text
    }
}
