package import EdisonCore

/// A kind of value that a request may hold: how it is read, and what the description of the API says of it, in one
/// place, so that the two cannot differ.
package struct FieldType<Value: Sendable>: Sendable {
    /// JSON Schema (2020-12), as OpenAPI 3.1 takes it.
    package let schema: JSONObject
    /// Stands in for a value that is missing or wrong until all of the request has been read.
    let sample: Value
    /// nil, with the reasons added, when it is not such a value.
    let read: @Sendable (JSONValue, _ path: String, _ issues: inout [FieldIssue]) -> Value?

    package init(
        schema: JSONObject, sample: Value,
        read: @escaping @Sendable (JSONValue, _ path: String, _ issues: inout [FieldIssue]) -> Value?
    ) {
        self.schema = schema
        self.sample = sample
        self.read = read
    }

    /// The same type with a further rule; `words` complete "must …".
    package func requiring(_ words: String, _ rule: @escaping @Sendable (Value) -> Bool) -> FieldType {
        FieldType(schema: schema, sample: sample) { json, path, issues in
            guard let value = read(json, path, &issues) else { return nil }
            if rule(value) { return value }
            issues.append(FieldIssue(path: path, message: "must \(words)"))
            return nil
        }
    }

    /// The same type, with a value for the reference where the least one would mislead.
    package func example(_ value: JSONValue) -> FieldType {
        var schema = schema
        schema["examples"] = [value]
        return FieldType(schema: schema, sample: sample, read: read)
    }

    /// The same reading, of which the description says more: what is inside is checked by somebody else.
    package func described(by schema: JSONObject) -> FieldType {
        FieldType(schema: schema, sample: sample, read: read)
    }

    package func map<Other>(
        sample: Other, or words: String, _ transform: @escaping @Sendable (Value) -> Other?
    ) -> FieldType<Other> {
        FieldType<Other>(schema: schema, sample: sample) { json, path, issues in
            guard let value = read(json, path, &issues) else { return nil }
            if let other = transform(value) { return other }
            issues.append(FieldIssue(path: path, message: words))
            return nil
        }
    }
}

extension FieldType where Value == String {
    /// Text of so many characters, without control characters other than tab and line ends.
    package static func text(_ length: ClosedRange<Int> = 0...100_000) -> FieldType {
        FieldType(schema: lengths(length), sample: "") { json, path, issues in
            guard let text = json.string else { return fault("must be text", path, &issues) }
            guard length.contains(text.unicodeScalars.count) else {
                return fault("must have \(words(length))", path, &issues)
            }
            guard text.unicodeScalars.allSatisfy(isPrintable) else {
                return fault("must not hold control characters", path, &issues)
            }
            return text
        }
    }

    /// One line that names something: without spaces at its ends.
    package static func name(_ length: ClosedRange<Int> = 1...200) -> FieldType {
        text(length).requiring("hold one line, without spaces at its ends") { text in
            !text.contains(where: \.isNewline) && text.first?.isWhitespace != true && text.last?.isWhitespace != true
        }
    }

    /// What stands in addresses: `support-triage`.
    package static let slug = FieldType(
        schema: ["type": "string", "minLength": 1, "maxLength": 60, "pattern": "^[a-z0-9]+(-[a-z0-9]+)*$"],
        sample: "name"
    ) { json, path, issues in
        guard let text = json.string, text.count <= 60, text.wholeMatch(of: /[a-z0-9]+(-[a-z0-9]+)*/) != nil else {
            return fault("must be 1 to 60 letters a–z, digits and single hyphens between them", path, &issues)
        }
        return text
    }

    package static let email = FieldType(
        schema: ["type": "string", "format": "email", "maxLength": 254], sample: "a@example.org"
    ) { json, path, issues in
        let text = (json.string ?? "").lowercased()
        guard text.utf8.count <= 254,
            text.wholeMatch(of: /[^\s@<>"(),;:\\]+@[^\s@<>"(),;:\\.]+(\.[^\s@<>"(),;:\\.]+)*/) != nil,
            text.unicodeScalars.allSatisfy({ isPrintable($0) })
        else { return fault("must be an e-mail address", path, &issues) }
        return text
    }

    private static func lengths(_ length: ClosedRange<Int>) -> JSONObject {
        var schema: JSONObject = ["type": "string"]
        if length.lowerBound > 0 { schema["minLength"] = .integer(Int64(length.lowerBound)) }
        schema["maxLength"] = .integer(Int64(length.upperBound))
        return schema
    }

    private static func words(_ length: ClosedRange<Int>) -> String {
        length.lowerBound == 0
            ? "at most \(length.upperBound) characters"
            : "\(length.lowerBound) to \(length.upperBound) characters"
    }

    private static func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
        scalar.value >= 0x20 && scalar.value != 0x7F || ["\t", "\n", "\r"].contains(scalar)
    }
}

func fault<Value>(_ words: String, _ path: String, _ issues: inout [FieldIssue]) -> Value? {
    issues.append(FieldIssue(path: path, message: words))
    return nil
}
