package import EdisonCore

/// What a job is to do: the parameters of one kind of job, stored as JSON until a worker takes it.
package protocol JobParameters: Sendable {
    static var kind: JobKind { get }

    init(json: JSONValue) throws
    var json: JSONValue { get }
}

/// Names a kind of job in the table, such as `evaluation.run`; each feature adds its own.
package struct JobKind: Hashable, Sendable, ExpressibleByStringLiteral, CustomStringConvertible {
    package let name: String

    package init(_ name: String) { self.name = name }
    package init(stringLiteral value: String) { name = value }

    package var description: String { name }
}
