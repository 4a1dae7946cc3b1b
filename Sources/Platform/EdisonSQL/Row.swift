package import EdisonCore

/// One row of a result, read by column name; a missing column or a wrong type is an error of the program.
package struct Row: Sendable {
    let columns: [String: Int]
    let values: [SQLValue]

    /// Where each name stands; of two equal names the first one counts.
    static func positions(of names: some Sequence<String>) -> [String: Int] {
        Dictionary(names.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
    }

    package func value(_ column: String) throws -> SQLValue {
        guard let index = columns[column] else {
            throw EdisonError(.internal, "The result has no column \"\(column)\".")
        }
        return values[index]
    }

    private func mismatch(_ column: String, _ kind: String) -> EdisonError {
        EdisonError(.internal, "The column \"\(column)\" does not hold \(kind).")
    }

    package func optionalString(_ column: String) throws -> String? {
        switch try value(column) {
        case .null: nil
        case .text(let text): text
        default: throw mismatch(column, "text")
        }
    }

    package func string(_ column: String) throws -> String {
        guard let text = try optionalString(column) else { throw mismatch(column, "text") }
        return text
    }

    package func optionalInt64(_ column: String) throws -> Int64? {
        switch try value(column) {
        case .null: nil
        case .integer(let integer): integer
        default: throw mismatch(column, "an integer")
        }
    }

    package func int64(_ column: String) throws -> Int64 {
        guard let integer = try optionalInt64(column) else { throw mismatch(column, "an integer") }
        return integer
    }

    package func optionalInt(_ column: String) throws -> Int? { try optionalInt64(column).map { Int($0) } }
    package func int(_ column: String) throws -> Int { Int(try int64(column)) }
    package func bool(_ column: String) throws -> Bool { try int64(column) != 0 }
    package func optionalBool(_ column: String) throws -> Bool? { try optionalInt64(column).map { $0 != 0 } }

    package func optionalDouble(_ column: String) throws -> Double? {
        switch try value(column) {
        case .null: nil
        case .real(let number): number
        case .integer(let integer): Double(integer)
        default: throw mismatch(column, "a number")
        }
    }

    package func double(_ column: String) throws -> Double {
        guard let number = try optionalDouble(column) else { throw mismatch(column, "a number") }
        return number
    }

    package func optionalBytes(_ column: String) throws -> [UInt8]? {
        switch try value(column) {
        case .null: nil
        case .blob(let bytes): bytes
        default: throw mismatch(column, "bytes")
        }
    }

    package func bytes(_ column: String) throws -> [UInt8] {
        guard let bytes = try optionalBytes(column) else { throw mismatch(column, "bytes") }
        return bytes
    }

    package func id<Entity>(_ column: String, _: Entity.Type = Entity.self) throws -> ID<Entity> {
        ID(try string(column))
    }
    package func optionalID<Entity>(_ column: String, _: Entity.Type = Entity.self) throws -> ID<Entity>? {
        try optionalString(column).map { ID($0) }
    }

    package func optionalMoney(_ column: String) throws -> Money? {
        try optionalInt64(column).map { Money(nanodollars: $0) }
    }
    package func money(_ column: String) throws -> Money { Money(nanodollars: try int64(column)) }

    package func optionalTimestamp(_ column: String) throws -> Timestamp? {
        try optionalInt64(column).map { Timestamp(microseconds: $0) }
    }
    package func timestamp(_ column: String) throws -> Timestamp { Timestamp(microseconds: try int64(column)) }

    /// NULL reads as JSON null.
    package func json(_ column: String) throws -> JSONValue {
        guard let text = try optionalString(column) else { return .null }
        do { return try JSONValue(parsing: text) } catch {
            throw EdisonError(.internal, "The column \"\(column)\" holds damaged JSON.", underlying: error)
        }
    }
}
