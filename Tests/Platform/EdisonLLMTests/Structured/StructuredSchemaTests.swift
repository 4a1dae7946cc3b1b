import EdisonCore
import EdisonLLM
import Testing

@Suite struct StructuredSchemaTests {
    static let faulty: [(schema: JSONValue, value: JSONValue, fault: String)] = [
        (["type": "string"], 1, "the value must be string"),
        (["type": ["string", "null"]], 1, "the value must be string or null"),
        (["type": "integer"], 1.5, "the value must be integer"),
        (["enum": ["1", "2", "tie"]], "3", #"the value must be one of "1", "2", "tie""#),
        (["const": 1], 2, "the value must be 1"),
        (["type": "array", "minItems": 1], [], "the list needs at least 1 items"),
        (["type": "array", "maxItems": 1], [1, 2], "the list may have at most 1 items"),
        (["type": "array", "items": ["type": "number"]], [1, "x"], "[1] must be number"),
        (["properties": ["a": ["items": ["required": ["b"]]]]], ["a": [[:]]], "a[0].b is missing"),
        (["type": "object", "additionalProperties": false], ["x": 1], "x is not allowed"),
        (["additionalProperties": ["type": "number"]], ["x": "1"], "x must be number"),
        (["minimum": 0], -1, "the value must be at least 0"),
        (["maximum": 2.5], 3, "the value must be at most 2.5"),
        (["maxLength": 3], "four", "the value may have at most 3 characters"),
        (["minLength": 1], "", "the value needs at least 1 characters"),
        (["pattern": "^[a-z]+$"], "A", "the value must match ^[a-z]+$"),
        (["anyOf": [["type": "string"], ["type": "null"]]], 1, "the value has none of the allowed forms"),
    ]

    @Test("a fault names its place and what was wanted", arguments: faulty.indices)
    func fault(index: Int) {
        let (schema, value, fault) = Self.faulty[index]
        #expect(JSONSchema(schema).faults(in: value) == [fault])
    }

    @Test("what fits has no faults, and unknown keywords are ignored")
    func fits() {
        let schema: JSONValue = [
            "title": "judgment", "$comment": "x", "type": "object", "required": ["n"],
            "properties": ["n": ["type": "integer"], "s": ["type": "string", "maxLength": 2]],
        ]
        #expect(JSONSchema(schema).faults(in: ["n": 2.0, "s": "ü€", "more": true]).isEmpty)
    }

    @Test("a schema is closed when every object in it is")
    func closed() {
        let inner: JSONValue = [
            "type": "object", "properties": ["a": ["type": "string"]], "required": ["a"], "additionalProperties": false,
        ]
        #expect(JSONSchema(inner).isClosed)
        #expect(JSONSchema(["type": "array", "items": inner]).isClosed)
        #expect(!JSONSchema(["type": "array", "items": ["type": "object"]]).isClosed)
        #expect(!JSONSchema(["type": "object", "properties": ["a": inner], "additionalProperties": false]).isClosed)
    }
}
