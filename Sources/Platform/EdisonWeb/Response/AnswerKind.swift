package import EdisonCore
package import HTTPTypes

/// What an endpoint answers when all goes well: how it is made from what the handler returns, and how it is described.
package struct AnswerKind<Output: Sendable>: Sendable {
    let status: HTTPResponse.Status
    let description: AnswerDescription
    let make: @Sendable (Output) -> Answer

    init(
        _ status: HTTPResponse.Status, _ description: AnswerDescription, _ make: @escaping @Sendable (Output) -> Answer
    ) {
        self.status = status
        self.description = description
        self.make = make
    }

    /// One entity.
    package static func one(_ shape: Shape<Output>, _ status: HTTPResponse.Status = .ok) -> AnswerKind {
        AnswerKind(status, .json(name: shape.name, schema: shape.schema, parts: shape.parts)) {
            .json(shape.json($0), status)
        }
    }

    /// One entity with the tag of its state: readers that have it get 304, and who changes it may name it.
    package static func tagged(
        _ shape: Shape<Output>, _ status: HTTPResponse.Status = .ok, _ tag: @escaping @Sendable (Output) -> EntityTag
    ) -> AnswerKind {
        AnswerKind(status, .json(name: shape.name, schema: shape.schema, parts: shape.parts, isTagged: true)) {
            Answer(status, .json(shape.json($0)), headers: [.eTag: tag($0).text])
        }
    }

    /// One entity with the tag of its state, which `If-None-Match` and `If-Match` name.
    package static func tagged(
        _ shape: Shape<Output>, _ tag: @escaping @Sendable (Output) -> String, _ status: HTTPResponse.Status = .ok
    ) -> AnswerKind {
        tagged(shape, status) { EntityTag(named: tag($0)) }
    }

    /// A list that is always short.
    package static func list<Item>(of shape: Shape<Item>) -> AnswerKind where Output == [Item] {
        let schema: JSONObject = [
            "type": "object", "required": ["items", "next_cursor"],
            "properties": [
                "items": ["type": "array", "items": .object(shape.named.reference)],
                "next_cursor": ["type": "null"],
            ],
        ]
        return AnswerKind(.ok, .json(name: nil, schema: schema, parts: [shape.named] + shape.parts)) { items in
            .json(["items": .array(items.map(shape.json)), "next_cursor": .null])
        }
    }

    /// A page of a list.
    package static func page<Item>(of shape: Shape<Item>) -> AnswerKind where Output == Listing<Item> {
        let schema: JSONObject = [
            "type": "object", "required": ["items", "next_cursor"],
            "properties": [
                "items": ["type": "array", "items": .object(shape.named.reference)],
                "next_cursor": ["type": ["string", "null"]],
            ],
        ]
        return AnswerKind(.ok, .json(name: nil, schema: schema, parts: [shape.named] + shape.parts)) { listing in
            .json([
                "items": .array(listing.items.map(shape.json)), "next_cursor": JSONValue(listing.next?.opaque),
            ])
        }
    }
}

extension AnswerKind where Output == JSONValue {
    /// JSON whose form is described elsewhere, such as the result file.
    package static func json(_ name: String, _ schema: JSONObject, _ status: HTTPResponse.Status = .ok) -> AnswerKind {
        AnswerKind(status, .json(name: name, schema: schema)) { .json($0, status) }
    }
}

extension AnswerKind where Output == Void {
    package static var nothing: AnswerKind { AnswerKind(.noContent, .empty) { Answer(.noContent) } }
}

extension AnswerKind where Output == Answer {
    /// The handler makes the whole answer, of these media types.
    package static func raw(_ status: HTTPResponse.Status = .ok, _ types: String...) -> AnswerKind {
        AnswerKind(status, .raw(types: types)) { $0 }
    }
}

/// What the description of the API says of an answer.
package enum AnswerDescription: Sendable {
    case empty
    case json(name: String?, schema: JSONObject, parts: [NamedSchema] = [], isTagged: Bool = false)
    case raw(types: [String])
}
