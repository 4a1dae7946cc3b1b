package import EdisonCore

/// How a value is written in an answer, and how the API's description says so: one list of properties for both.
package struct Shape<Value: Sendable>: Sendable {
    /// The name under which the description of the API knows it.
    package let name: String
    let properties: [Property<Value>]

    package init(_ name: String, _ properties: [Property<Value>]) {
        self.name = name
        self.properties = properties
    }

    package func json(_ value: Value) -> JSONValue {
        var object = JSONObject()
        for property in properties { object[property.name] = property.json(value) }
        return .object(object)
    }

    package var schema: JSONObject {
        [
            "type": "object",
            "properties": .object(JSONObject(properties.map { ($0.name, .object($0.schema)) })),
            "required": .array(properties.map { .string($0.name) }),
        ]
    }

    /// The shapes inside, to any depth.
    var parts: [NamedSchema] { properties.flatMap(\.parts) }
    var named: NamedSchema { NamedSchema(name: name, schema: schema) }

    /// The same with more properties.
    package func adding(_ name: String, _ more: [Property<Value>]) -> Shape {
        Shape(name, properties + more)
    }

    /// The properties of a part of another value.
    package func of<Whole>(_ part: @escaping @Sendable (Whole) -> Value) -> [Property<Whole>] {
        properties.map { property in
            Property<Whole>(property.name, property.schema, parts: property.parts) { property.json(part($0)) }
        }
    }
}

/// One property of an answer.
package struct Property<Value: Sendable>: Sendable {
    let name: String
    let schema: JSONObject
    /// The shapes that the schema refers to.
    let parts: [NamedSchema]
    let json: @Sendable (Value) -> JSONValue

    package init(_ name: String, _ schema: JSONObject, _ json: @escaping @Sendable (Value) -> JSONValue) {
        self.init(name, schema, parts: [], json)
    }

    init(
        _ name: String, _ schema: JSONObject, parts: [NamedSchema], _ json: @escaping @Sendable (Value) -> JSONValue
    ) {
        self.name = name
        self.schema = schema
        self.parts = parts
        self.json = json
    }

    package static func text(_ name: String, _ value: @escaping @Sendable (Value) -> String) -> Property {
        Property(name, ["type": "string"]) { .string(value($0)) }
    }

    package static func optionalText(_ name: String, _ value: @escaping @Sendable (Value) -> String?) -> Property {
        Property(name, ["type": ["string", "null"]]) { JSONValue(value($0)) }
    }

    package static func id<Entity>(_ name: String, _ value: @escaping @Sendable (Value) -> ID<Entity>) -> Property {
        Property(name, ["type": "string"]) { .string(value($0).text) }
    }

    package static func optionalID<Entity>(
        _ name: String, _ value: @escaping @Sendable (Value) -> ID<Entity>?
    ) -> Property {
        Property(name, ["type": ["string", "null"]]) { JSONValue(value($0)?.text) }
    }

    package static func integer(_ name: String, _ value: @escaping @Sendable (Value) -> Int) -> Property {
        Property(name, ["type": "integer"]) { .integer(Int64(value($0))) }
    }

    package static func optionalInteger(_ name: String, _ value: @escaping @Sendable (Value) -> Int?) -> Property {
        Property(name, ["type": ["integer", "null"]]) { JSONValue(value($0)) }
    }

    package static func number(_ name: String, _ value: @escaping @Sendable (Value) -> Double?) -> Property {
        Property(name, ["type": ["number", "null"]]) { JSONValue(value($0)) }
    }

    /// null = unknown.
    package static func money(_ name: String, _ value: @escaping @Sendable (Value) -> Money?) -> Property {
        Property(name, ["type": ["number", "null"], "description": "USD"]) { value($0)?.json ?? .null }
    }

    package static func bool(_ name: String, _ value: @escaping @Sendable (Value) -> Bool) -> Property {
        Property(name, ["type": "boolean"]) { .bool(value($0)) }
    }

    package static func time(_ name: String, _ value: @escaping @Sendable (Value) -> Timestamp) -> Property {
        Property(name, ["type": "string", "format": "date-time"]) { .string(value($0).rfc3339) }
    }

    package static func optionalTime(_ name: String, _ value: @escaping @Sendable (Value) -> Timestamp?) -> Property {
        Property(name, ["type": ["string", "null"], "format": "date-time"]) { JSONValue(value($0)?.rfc3339) }
    }

    package static func word<Word: RawRepresentable & CaseIterable & Sendable>(
        _ name: String, _ value: @escaping @Sendable (Value) -> Word
    ) -> Property where Word.RawValue == String {
        Property(name, ["type": "string", "enum": .array(Word.allCases.map { .string($0.rawValue) })]) {
            .string(value($0).rawValue)
        }
    }

    package static func optionalWord<Word: RawRepresentable & CaseIterable & Sendable>(
        _ name: String, _ value: @escaping @Sendable (Value) -> Word?
    ) -> Property where Word.RawValue == String {
        Property(
            name, ["type": ["string", "null"], "enum": .array(Word.allCases.map { .string($0.rawValue) } + [.null])]
        ) { JSONValue(value($0)?.rawValue) }
    }

    package static func texts(_ name: String, _ value: @escaping @Sendable (Value) -> [String]) -> Property {
        Property(name, ["type": "array", "items": ["type": "string"]]) {
            .array(value($0).map { .string($0) })
        }
    }

    /// Whatever JSON it is.
    package static func any(_ name: String, _ value: @escaping @Sendable (Value) -> JSONValue) -> Property {
        Property(name, [:], value)
    }

    package static func part<Part>(
        _ name: String, _ shape: Shape<Part>, _ value: @escaping @Sendable (Value) -> Part
    ) -> Property {
        Property(name, shape.named.reference, parts: [shape.named] + shape.parts) { shape.json(value($0)) }
    }

    package static func optionalPart<Part>(
        _ name: String, _ shape: Shape<Part>, _ value: @escaping @Sendable (Value) -> Part?
    ) -> Property {
        Property(
            name, ["anyOf": [.object(shape.named.reference), ["type": "null"]]], parts: [shape.named] + shape.parts
        ) { value($0).map(shape.json) ?? .null }
    }

    package static func parts<Part>(
        _ name: String, _ shape: Shape<Part>, _ value: @escaping @Sendable (Value) -> [Part]
    ) -> Property {
        Property(
            name, ["type": "array", "items": .object(shape.named.reference)], parts: [shape.named] + shape.parts
        ) { .array(value($0).map(shape.json)) }
    }
}

/// A schema that the description of the API knows by a name.
package struct NamedSchema: Sendable, Hashable {
    let name: String
    let schema: JSONObject

    var reference: JSONObject { ["$ref": .string("#/components/schemas/\(name)")] }
}
