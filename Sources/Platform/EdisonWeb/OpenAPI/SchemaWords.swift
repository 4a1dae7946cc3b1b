import EdisonCore

/// A JSON Schema as a person reads it: "text of 1 to 200 characters", "one of csv, json", "list of Experiment".
enum SchemaWords {
    /// The name of the shape that is meant; nil = none.
    static func shape(_ schema: JSONObject) -> String? {
        if let reference = schema["$ref"]?.string { return reference.split(separator: "/").last.map(String.init) }
        if let items = schema["items"]?.object { return shape(items) }
        return schema["anyOf"]?.array?.compactMap { $0.object.flatMap(shape) }.first
    }

    static func text(_ schema: JSONObject) -> String {
        if let name = schema["$ref"]?.string?.split(separator: "/").last { return String(name) }
        if let options = schema["anyOf"]?.array {
            return options.compactMap(\.object).map { text($0) }.joined(separator: " or ")
        }
        let kinds = schema["type"]?.array?.compactMap(\.string) ?? schema["type"]?.string.map { [$0] } ?? []
        let mayBeNull = kinds.contains("null") && kinds.count > 1
        let words = schema["enum"]?.array.map(oneOf) ?? kinds.first.map { one($0, schema) } ?? "anything"
        return mayBeNull ? "\(words), or null" : words
    }

    private static func oneOf(_ values: [JSONValue]) -> String {
        let words = values.compactMap(\.string)
        return words.count == 1 ? words[0] : "one of \(words.joined(separator: ", "))"
    }

    private static func one(_ kind: String, _ schema: JSONObject) -> String {
        switch kind {
        case "string": text(of: schema)
        case "integer": "whole number" + range(schema["minimum"], schema["maximum"], "")
        case "number": "number" + range(schema["minimum"], schema["maximum"], "")
        case "boolean": "true or false"
        case "array": "list of " + items(schema)
        default: kind
        }
    }

    private static func items(_ schema: JSONObject) -> String {
        guard let items = schema["items"]?.object else { return "anything" }
        return text(items)
    }

    private static func text(of schema: JSONObject) -> String {
        switch schema["format"]?.string {
        case "email": "e-mail address"
        case "date-time": "time"
        default: "text" + range(schema["minLength"], schema["maxLength"], " characters")
        }
    }

    private static func range(_ least: JSONValue?, _ most: JSONValue?, _ unit: String) -> String {
        switch (least.map(plain), most.map(plain)) {
        case (let least?, let most?): " from \(least) to \(most)\(unit)"
        case (let least?, nil): " from \(least)\(unit)"
        case (nil, let most?): " up to \(most)\(unit)"
        case (nil, nil): ""
        }
    }

    private static func plain(_ number: JSONValue) -> String {
        number.double.flatMap { Int64(exactly: $0) }.map { "\($0)" } ?? number.text()
    }
}
