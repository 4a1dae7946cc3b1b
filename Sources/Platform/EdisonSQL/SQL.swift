package import EdisonCore
import Foundation

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
    init(parts: [Part]) { self.parts = parts }

    package struct Interpolation: StringInterpolationProtocol {
        var parts: [Part] = []

        package init(literalCapacity: Int, interpolationCount: Int) {}

        package mutating func appendLiteral(_ literal: String) { parts.append(.text(literal)) }
        package mutating func appendInterpolation(_ fragment: SQLFragment) { parts.append(.text(fragment.text)) }
        /// A part of a statement with values of its own, such as a condition that is not always there.
        package mutating func appendInterpolation(_ part: SQL) { parts.append(contentsOf: part.parts) }
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
    func rendered(placeholder: (Int) -> String) throws -> (text: String, values: [SQLValue]) {
        var text = ""
        text.reserveCapacity(1_024)
        var values: [SQLValue] = []
        values.reserveCapacity(parts.count / 2)
        for part in parts {
            switch part {
            case .text(let literal): text += literal
            case .value(let value):
                values.append(try value.portable())
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

extension SQLValue {
    /// What both databases store alike. PostgreSQL's text cannot hold NUL and SQLite's would end there, while a
    /// model's answer that was paid for may contain one: it becomes U+FFFD. SQLite takes "not a number" for NULL and
    /// forgets the sign of zero.
    func portable() throws -> SQLValue {
        switch self {
        case .text(let text) where text.hasNUL:
            return .text(String(decoding: text.utf8.flatMap { $0 == 0 ? [0xEF, 0xBF, 0xBD] : [$0] }, as: UTF8.self))
        case .real(let number):
            if number.isNaN { throw EdisonError(.internal, "NaN cannot be stored; store NULL for what is not known.") }
            return .real(number == 0 ? 0 : number)
        default: return self
        }
    }
}

extension String {
    /// Every stored text is looked at, answers of models too.
    fileprivate var hasNUL: Bool {
        utf8.withContiguousStorageIfAvailable { bytes in
            bytes.baseAddress.map { memchr($0, 0, bytes.count) != nil } ?? false
        } ?? utf8.contains(0)
    }
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
