package import EdisonCore

/// Compares what was computed with what a fixture expects, by the rules of the fixtures' own notes.
package enum FixtureComparison {
    /// The differences, each as `path: got X, want Y`; empty when the case passes.
    ///
    /// Every key of the expectation must match, more may be present. A `reason` is free text and is not compared.
    /// When the expected status is not `ok`, only fields that are present in the expectation count. `"NaN"`,
    /// `"Infinity"` and `"-Infinity"` stand for those doubles, null for "not reported".
    package static func differences(
        got: JSONValue?, want: JSONValue, tolerance: FixtureTolerance, path: String = ""
    ) -> [String] {
        let fault = ["\(path): got \(got?.text() ?? "nothing"), want \(want.text())"]
        switch want {
        case .null: return got == nil || got == .null ? [] : fault
        case .object(let members):
            guard case .object(let object)? = got else { return fault }
            return members.members.flatMap { key, value in
                key == "reason"
                    ? [] : differences(got: object[key], want: value, tolerance: tolerance, path: "\(path).\(key)")
            }
        case .array(let elements):
            guard case .array(let array)? = got, array.count == elements.count else { return fault }
            return zip(array, elements).enumerated().flatMap { index, pair in
                differences(got: pair.0, want: pair.1, tolerance: tolerance, path: "\(path)[\(index)]")
            }
        case .integer, .number: return isClose(got, want.double, tolerance) ? [] : fault
        case .string(let text):
            if let special = special(text), let number = number(got) {
                return number == special || number.isNaN && special.isNaN ? [] : fault
            }
            guard case .string(let string)? = got, string.utf8.elementsEqual(text.utf8) else { return fault }
            return []
        case .bool: return got == want ? [] : fault
        }
    }

    private static func special(_ text: String) -> Double? {
        switch text {
        case "NaN": .nan
        case "Infinity": .infinity
        case "-Infinity": -.infinity
        default: nil
        }
    }

    private static func number(_ json: JSONValue?) -> Double? {
        json?.double ?? json?.string.flatMap(special)
    }

    private static func isClose(_ got: JSONValue?, _ want: Double?, _ tolerance: FixtureTolerance) -> Bool {
        guard let got = number(got), let want else { return false }
        return got == want || abs(got - want) <= max(tolerance.abs, tolerance.rel * abs(want))
    }
}
