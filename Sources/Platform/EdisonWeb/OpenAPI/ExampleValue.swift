import EdisonCore

/// A value that a schema takes, for people to begin with.
enum ExampleValue {
    /// What must be given; everything when nothing must.
    static func of(_ schema: JSONObject, named name: String = "") -> JSONValue {
        if let first = schema["examples"]?.array?.first { return first }
        if let first = schema["enum"]?.array?.first { return first }
        if let first = schema["anyOf"]?.array?.first?.object { return of(first, named: name) }
        let kind = schema["type"]?.string ?? schema["type"]?.array?.first?.string
        switch kind {
        case "object": return object(schema)
        case "array":
            let item = schema["items"]?.object.map { of($0, named: name) } ?? "text"
            return .array([item])
        case "integer", "number": return schema["minimum"] ?? 1
        case "boolean": return true
        case "string": return .string(text(schema, name))
        default: return [:]
        }
    }

    private static func object(_ schema: JSONObject) -> JSONValue {
        let properties = schema["properties"]?.object ?? [:]
        let required = Set((schema["required"]?.array ?? []).compactMap(\.string))
        var object = JSONObject()
        for (name, property) in properties where required.isEmpty || required.contains(name) {
            object[name] = of(property.object ?? [:], named: name)
        }
        return .object(object)
    }

    private static func text(_ schema: JSONObject, _ name: String) -> String {
        switch (schema["format"]?.string, name) {
        case ("email", _): return "ada@example.org"
        case ("date-time", _): return "2026-01-31T12:00:00Z"
        case (_, "password"): return "correct horse battery"
        case (_, "slug"): return "support-triage"
        case (_, "name"): return "Support triage"
        default: break
        }
        if schema["pattern"] != nil { return "support-triage" }
        let least = schema["minLength"]?.int ?? 0
        return least <= 4 ? "text" : String(repeating: "text ", count: least / 5 + 1).trimmingEnd
    }
}

extension String {
    fileprivate var trimmingEnd: String { hasSuffix(" ") ? String(dropLast()) : self }
}
