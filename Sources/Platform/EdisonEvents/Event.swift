package import EdisonCore

/// Something that happened, told in the past tense: recorded with the change itself, then sent to whoever follows.
package struct Event: Hashable, Sendable {
    package let stream: EventStream
    /// 1, 2, 3 … within the stream, without a gap, in the order in which the changes were stored.
    package let position: Int64
    package let kind: EventKind
    package let payload: JSONValue
    package let recordedAt: Timestamp
}

/// What an event says; each feature adds its own: `extension EventKind { static let promptMerged = … }`.
package struct EventKind: Hashable, Sendable, ExpressibleByStringLiteral, CustomStringConvertible {
    package let name: String

    package init(_ name: String) { self.name = name }
    package init(stringLiteral value: String) { name = value }

    package var description: String { name }
}

/// What is followed as one: `experiment/01980…`. Events of different streams have no order among each other.
package struct EventStream: Hashable, Sendable, CustomStringConvertible {
    package let name: String

    package init(_ name: String) { self.name = name }

    /// The stream of one entity.
    package init<Entity>(_ kind: String, _ id: ID<Entity>) { name = "\(kind)/\(id.text)" }

    package var description: String { name }
}
