package import EdisonCore
import Foundation

/// Checks a value against the part of JSON Schema that answers and checks use: `type`, `properties`, `required`,
/// `additionalProperties`, `items`, `enum`, `const`, `anyOf`, `minItems`, `maxItems`, `minimum`, `maximum`,
/// `minLength`, `maxLength`, `pattern`. Other keywords are ignored.
package struct JSONSchema: Sendable {
    private let schema: JSONValue

    package init(_ schema: JSONValue) { self.schema = schema }

    /// Whether every object in it names all its members, requires them and allows no other: what the strict modes of
    /// providers ask for.
    package var isClosed: Bool { Self.isClosed(schema) }

    private static func isClosed(_ schema: JSONValue) -> Bool {
        let isObject = types(schema)?.contains("object") ?? (schema["properties"] != nil)
        let parts = (schema["properties"]?.object?.members.map(\.value) ?? []) + [schema["items"]].compactMap(\.self)
        guard (parts + (schema["anyOf"]?.array ?? [])).allSatisfy(isClosed) else { return false }
        guard isObject else { return true }
        let required = Set((schema["required"]?.array ?? []).compactMap(\.string))
        let keys = schema["properties"]?.object?.keys ?? []
        return schema["additionalProperties"] == false && keys.allSatisfy(required.contains)
    }

    /// What is wrong, each with its path, in words that a model can act on.
    package func faults(in value: JSONValue) -> [String] { Self.faults(value, schema, "") }

    private static func faults(_ value: JSONValue, _ schema: JSONValue, _ path: String) -> [String] {
        let place = path.isEmpty ? "the value" : path
        if let types = types(schema), !types.contains(where: { isOf($0, value) }) {
            return ["\(place) must be \(types.joined(separator: " or "))"]
        }
        var faults: [String] = []
        if let allowed = schema["enum"]?.array, !allowed.contains(where: { same($0, value) }) {
            faults.append("\(place) must be one of \(allowed.map { $0.text() }.joined(separator: ", "))")
        }
        if let choices = schema["anyOf"]?.array, !choices.contains(where: { self.faults(value, $0, path).isEmpty }) {
            faults.append("\(place) has none of the allowed forms")
        }
        if let constant = schema["const"], !same(constant, value) {
            faults.append("\(place) must be \(constant.text())")
        }
        switch value {
        case .object(let object): faults += objectFaults(object, schema, path)
        case .array(let elements): faults += arrayFaults(elements, schema, path)
        case .string(let text): faults += textFaults(text, schema, place)
        case .integer, .number: faults += numberFaults(value.double ?? 0, schema, place)
        case .null, .bool: break
        }
        return faults
    }

    private static func types(_ schema: JSONValue) -> [String]? {
        schema["type"]?.string.map { [$0] } ?? schema["type"]?.array?.compactMap(\.string)
    }

    private static func isOf(_ type: String, _ value: JSONValue) -> Bool {
        switch type {
        case "object": value.object != nil
        case "array": value.array != nil
        case "string": value.string != nil
        case "boolean": value.bool != nil
        case "null": value.isNull
        case "integer": value.int != nil
        case "number": value.double != nil
        default: true
        }
    }

    private static func same(_ left: JSONValue, _ right: JSONValue) -> Bool {
        left.text(.canonical) == right.text(.canonical)
    }

    private static func objectFaults(_ object: JSONObject, _ schema: JSONValue, _ path: String) -> [String] {
        let properties = schema["properties"]?.object ?? [:]
        var faults = (schema["required"]?.array ?? []).compactMap(\.string).filter { object[$0] == nil }
            .map { "\(path.isEmpty ? "" : "\(path).")\($0) is missing" }
        for (key, member) in object {
            let place = path.isEmpty ? key : "\(path).\(key)"
            if let schema = properties[key] {
                faults += Self.faults(member, schema, place)
            } else if schema["additionalProperties"] == false {
                faults.append("\(place) is not allowed")
            } else if let other = schema["additionalProperties"], other.object != nil {
                faults += Self.faults(member, other, place)
            }
        }
        return faults
    }

    private static func arrayFaults(_ elements: [JSONValue], _ schema: JSONValue, _ path: String) -> [String] {
        var faults: [String] = []
        let place = path.isEmpty ? "the list" : path
        if let least = schema["minItems"]?.int, elements.count < least {
            faults.append("\(place) needs at least \(least) items")
        }
        if let most = schema["maxItems"]?.int, elements.count > most {
            faults.append("\(place) may have at most \(most) items")
        }
        guard let items = schema["items"] else { return faults }
        return faults + elements.enumerated().flatMap { Self.faults($1, items, "\(path)[\($0)]") }
    }

    private static func textFaults(_ text: String, _ schema: JSONValue, _ place: String) -> [String] {
        var faults: [String] = []
        let length = text.unicodeScalars.count
        if let least = schema["minLength"]?.int, length < least {
            faults.append("\(place) needs at least \(least) characters")
        }
        if let most = schema["maxLength"]?.int, length > most {
            faults.append("\(place) may have at most \(most) characters")
        }
        if let pattern = schema["pattern"]?.string, text.range(of: pattern, options: .regularExpression) == nil {
            faults.append("\(place) must match \(pattern)")
        }
        return faults
    }

    private static func numberFaults(_ number: Double, _ schema: JSONValue, _ place: String) -> [String] {
        var faults: [String] = []
        // Written as the schema writes them: 5, not 5.0.
        if let least = schema["minimum"], number < least.double ?? -.infinity {
            faults.append("\(place) must be at least \(least.text(.canonical))")
        }
        if let most = schema["maximum"], number > most.double ?? .infinity {
            faults.append("\(place) must be at most \(most.text(.canonical))")
        }
        return faults
    }
}
