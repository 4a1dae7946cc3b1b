package import EdisonCore

/// A statement whose values are bound, never spliced: `"SELECT … WHERE id = \(id)"` renders a placeholder.
///
/// The text stays plain, visible SQL; only a `SQLFragment` becomes part of it.
package struct SQL: Sendable, ExpressibleByStringInterpolation {
    enum Part: Sendable {
        case text(String)
        case value(SQLValue)
    }

    let parts: [Part]

    package init(stringLiteral value: String) { parts = [.text(value)] }
    package init(stringInterpolation: Interpolation) { parts = stringInterpolation.parts }

    package struct Interpolation: StringInterpolationProtocol {
        var parts: [Part] = []

        package init(literalCapacity: Int, interpolationCount: Int) {}

        package mutating func appendLiteral(_ literal: String) { parts.append(.text(literal)) }
        package mutating func appendInterpolation(_ fragment: SQLFragment) { parts.append(.text(fragment.text)) }
        package mutating func appendInterpolation(_ value: some SQLBindable) { parts.append(.value(value.sqlValue)) }
        package mutating func appendInterpolation(_ value: (some SQLBindable)?) {
            parts.append(.value(value?.sqlValue ?? .null))
        }
        /// A list of values for `IN (…)`; an empty list matches nothing.
        package mutating func appendInterpolation(list values: [some SQLBindable]) {
            if values.isEmpty { return parts.append(.text("NULL")) }
            for (index, value) in values.enumerated() {
                if index > 0 { parts.append(.text(", ")) }
                parts.append(.value(value.sqlValue))
            }
        }
    }

    /// The text with the database's own placeholders, and the values in their order.
    func rendered(placeholder: (Int) -> String) -> (text: String, values: [SQLValue]) {
        var text = ""
        var values: [SQLValue] = []
        for part in parts {
            switch part {
            case .text(let literal): text += literal
            case .value(let value):
                values.append(value)
                text += placeholder(values.count)
            }
        }
        return (text, values)
    }
}

/// A piece of SQL that the program itself wrote, such as a list of columns. Never made from input.
package struct SQLFragment: Sendable {
    package let text: String
    package init(_ text: StaticString) { self.text = "\(text)" }
    init(trusted text: String) { self.text = text }
}

/// What the databases store.
package enum SQLValue: Hashable, Sendable {
    case null
    case integer(Int64)
    case real(Double)
    case text(String)
    case blob([UInt8])
}

/// A type that has one portable stored form.
package protocol SQLBindable {
    var sqlValue: SQLValue { get }
}

extension String: SQLBindable { package var sqlValue: SQLValue { .text(self) } }
extension Int: SQLBindable { package var sqlValue: SQLValue { .integer(Int64(self)) } }
extension Int64: SQLBindable { package var sqlValue: SQLValue { .integer(self) } }
extension Double: SQLBindable { package var sqlValue: SQLValue { .real(self) } }
extension Bool: SQLBindable { package var sqlValue: SQLValue { .integer(self ? 1 : 0) } }
extension Array: SQLBindable where Element == UInt8 { package var sqlValue: SQLValue { .blob(self) } }
extension ID: SQLBindable { package var sqlValue: SQLValue { .text(text) } }
extension Money: SQLBindable { package var sqlValue: SQLValue { .integer(nanodollars) } }
extension Timestamp: SQLBindable { package var sqlValue: SQLValue { .integer(microseconds) } }
/// JSON null is stored as NULL, so that an absent document and a null one read the same.
extension JSONValue: SQLBindable { package var sqlValue: SQLValue { isNull ? .null : .text(text()) } }
