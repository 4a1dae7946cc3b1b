package import EdisonCore

/// A call whose answer the program reads: what is asked, about which data, and when an answer is usable.
package struct StructuredRequest: Sendable {
    package let schema: ResponseSchema
    /// The system message, without the line that names the schema.
    package var instructions: String
    /// The data, each part inside its own tag of the last user message.
    package var sections: [TaggedSection]
    /// When an answer is usable, where that is not just the schema: some members help and are not needed, others must
    /// fit the data. Returns what is wrong, in words that the model can act on. nil = the schema decides.
    package let check: (@Sendable (JSONValue) -> [String])?
    /// Reads an answer that is no JSON and says the same in another form; nil when it does not.
    package let otherForm: (@Sendable (String) -> JSONValue?)?

    package init(
        schema: ResponseSchema, instructions: String, sections: [TaggedSection],
        check: (@Sendable (JSONValue) -> [String])? = nil, otherForm: (@Sendable (String) -> JSONValue?)? = nil
    ) {
        self.schema = schema
        self.instructions = instructions
        self.sections = sections
        self.check = check
        self.otherForm = otherForm
    }

    package var messages: [Message] {
        [.system("\(instructions)\n\nschema: \(schema.name)"), .user(TaggedSection.text(of: sections))]
    }
}

extension JSONValue {
    /// A closed object schema in which every member is required: what providers' strict modes ask for.
    package static func schemaObject(title: String? = nil, _ members: JSONObject) -> JSONValue {
        var schema = JSONObject()
        schema["title"] = title.map { .string($0) }
        schema["type"] = "object"
        schema["properties"] = .object(members)
        schema["required"] = .array(members.keys.map { .string($0) })
        schema["additionalProperties"] = false
        return .object(schema)
    }
}
