internal import EdisonCore

/// Makes the smallest valid instance of a JSON schema, with given text in its free text fields.
///
/// Covers what providers' strict modes allow: objects, arrays, enumerations, `const`, `anyOf`, `$ref` to `$defs`,
/// numbers with bounds.
enum SchemaInstance {
    /// - Parameter text: the text for a field by its name; empty name for the root.
    static func of(_ schema: JSONValue, text: (String) -> String) -> JSONValue {
        value(schema, root: schema, name: "", depth: 0, text: text)
    }

    private static func value(_ schema: JSONValue, root: JSONValue, name: String, depth: Int, text: (String) -> String)
        -> JSONValue
    {
        guard depth < 12 else { return .null }
        if let constant = schema["const"] { return constant }
        if let choices = schema["enum"]?.array, let first = choices.first {
            let wanted = Words.split(text(name))
            return choices.first { $0.string.map { wanted == Words.split($0) } ?? false } ?? first
        }
        if let other = indirection(schema, root: root) {
            return value(other, root: root, name: name, depth: depth + 1, text: text)
        }
        let type = schema["type"]?.string ?? schema["type"]?.array?.lazy.compactMap(\.string).first { $0 != "null" }
        // Gemini's dialect writes types in upper case.
        switch type?.lowercased() {
        case "string": return .string(clipped(text(name), schema))
        case "integer": return .integer(Int64((schema["minimum"]?.double ?? schema["maximum"]?.double ?? 1).rounded()))
        case "number": return .number(schema["minimum"]?.double ?? schema["maximum"]?.double ?? 1)
        case "boolean": return false
        case "null": return .null
        case "array":
            let count = max(schema["minItems"]?.int ?? 1, 1)
            guard let items = schema["items"], schema["maxItems"]?.int != 0 else { return [] }
            return .array(
                (0..<min(count, 20)).map { _ in value(items, root: root, name: name, depth: depth + 1, text: text) })
        default:
            var object = JSONObject()
            let required = schema["required"]?.array?.compactMap(\.string)
            for (key, inner) in schema["properties"]?.object ?? [:] where required?.contains(key) ?? true {
                object[key] = value(inner, root: root, name: key, depth: depth + 1, text: text)
            }
            return .object(object)
        }
    }

    /// The schema that a reference or a choice of schemas leads to.
    private static func indirection(_ schema: JSONValue, root: JSONValue) -> JSONValue? {
        if let reference = schema["$ref"]?.string { return resolved(reference, in: root) }
        for key in ["anyOf", "oneOf", "allOf"] {
            if let option = schema[key]?.array?.first(where: { $0["type"]?.string != "null" }) { return option }
        }
        return nil
    }

    private static func resolved(_ reference: String, in root: JSONValue) -> JSONValue {
        reference.split(separator: "/").dropFirst().reduce(root) { $0[String($1)] ?? .null }
    }

    private static func clipped(_ text: String, _ schema: JSONValue) -> String {
        guard let limit = schema["maxLength"]?.int, text.count > limit else { return text }
        return String(text.prefix(limit))
    }
}
