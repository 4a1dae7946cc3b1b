package import EdisonCore

/// The fields of an object in a request. The same reading, without an object, writes their schema down.
///
/// Every fault is kept and none ends the reading, so that a person who calls is told all of them at once.
package final class Fields {
    private let object: JSONObject
    private let path: String
    private let isDescribing: Bool
    private(set) var issues: [FieldIssue] = []
    private(set) var properties = JSONObject()
    private(set) var required: [String] = []

    init(_ object: JSONObject, path: String = "") {
        self.object = object
        self.path = path
        isDescribing = false
    }

    init(describing: Bool) {
        object = [:]
        path = ""
        isDescribing = describing
    }

    /// - Parameter about: a sentence for the description of the API.
    package func required<Value>(_ name: String, _ type: FieldType<Value>, _ about: String = "") -> Value {
        note(name, type, about, isOptional: false)
        required.append(name)
        guard !isDescribing else { return type.sample }
        guard let json = object[name] else {
            issues.append(FieldIssue(path: place(name), message: "is missing"))
            return type.sample
        }
        return type.read(json, place(name), &issues) ?? type.sample
    }

    /// nil when it is absent or null.
    package func optional<Value>(_ name: String, _ type: FieldType<Value>, _ about: String = "") -> Value? {
        note(name, type, about, isOptional: true)
        guard !isDescribing, let json = object[name], !json.isNull else { return nil }
        return type.read(json, place(name), &issues)
    }

    package func value<Value>(
        _ name: String, _ type: FieldType<Value>, or standard: Value, _ about: String = ""
    ) -> Value { optional(name, type, about) ?? standard }

    /// Whether the field is there, null or not: of a change, what is absent stays as it is.
    package func has(_ name: String) -> Bool { object[name] != nil }

    package func fault(_ name: String, _ words: String) {
        if !isDescribing { issues.append(FieldIssue(path: place(name), message: words)) }
    }

    private func place(_ name: String) -> String { path.isEmpty ? name : "\(path).\(name)" }

    private func note<Value>(_ name: String, _ type: FieldType<Value>, _ about: String, isOptional: Bool) {
        var schema = type.schema
        if isOptional {
            if let kind = schema["type"]?.string {
                schema["type"] = [.string(kind), "null"]
                if case .array(let words)? = schema["enum"] { schema["enum"] = .array(words + [.null]) }
            } else if let choices = schema["anyOf"]?.array {
                schema["anyOf"] = .array(choices + [["type": "null"]])
            } else if schema["$ref"] != nil {
                schema = ["anyOf": [.object(schema), ["type": "null"]]]
            }
        }
        if !about.isEmpty { schema["description"] = .string(about) }
        properties[name] = .object(schema)
    }

    /// What is no field is most likely a slip of the pen.
    func end() {
        for name in object.keys where properties[name] == nil {
            let known = properties.keys.joined(separator: ", ")
            issues.append(
                FieldIssue(
                    path: place(name), message: known.isEmpty ? "is no field" : "is no field; there are \(known)"))
        }
    }
}

/// The JSON object that a request carries.
package protocol RequestBody: Sendable {
    init(_ fields: Fields)
    /// What the reference shows, where the least that must be given says too little; nil = that.
    ///
    /// A text such as `$VERSION` stands for something of the reader's own, and names a variable of the shell.
    static var example: JSONObject? { get }
}

extension RequestBody {
    package static var example: JSONObject? { nil }

    package static var schema: JSONObject {
        let fields = Fields(describing: true)
        _ = Self(fields)
        var schema: JSONObject = ["type": "object", "properties": .object(fields.properties)]
        if !fields.required.isEmpty { schema["required"] = .array(fields.required.map { .string($0) }) }
        schema["additionalProperties"] = false
        if let example { schema["examples"] = [.object(example)] }
        return schema
    }

    /// - Throws: `EdisonError` with every fault.
    package static func read(_ json: JSONValue) throws -> Self {
        guard let object = json.object else {
            throw EdisonError(.invalid, "The body must be a JSON object.")
        }
        let fields = Fields(object)
        let value = Self(fields)
        fields.end()
        guard fields.issues.isEmpty else {
            throw EdisonError(
                .invalid, "The request has \(fields.issues.count == 1 ? "a fault" : "faults").", issues: fields.issues)
        }
        return value
    }
}

/// A request without a body.
package struct NoBody: RequestBody {
    package init(_ fields: Fields) {}
    package init() {}
}
