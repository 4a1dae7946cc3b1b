import EdisonCore
import Foundation

/// One session of a PostgreSQL server. The pool hands it to one job at a time.
///
/// `@unchecked`: a libpq connection may move between threads as long as one uses it at a time, which the pool sees to.
final class PostgresConnection: DatabaseConnection, @unchecked Sendable {
    let dialect = Dialect.postgres
    private let library: LibPQ
    private let connection: LibPQ.Connection

    init(_ library: LibPQ, _ address: String) throws {
        self.library = library
        guard let connection = library.connect(address) else {
            throw EdisonError(.unavailable, "libpq has no memory for a connection.")
        }
        guard library.status(connection) == 0 else {
            let reason = library.errorMessage(connection).map { String(cString: $0) } ?? "unknown reason"
            library.finish(connection)
            throw EdisonError(
                .unavailable, "Cannot reach PostgreSQL at \(PostgresDriver.shownName(address)).",
                detail: reason.trimmingCharacters(in: .whitespacesAndNewlines))
        }
        self.connection = connection
    }

    deinit { library.finish(connection) }

    var isUsable: Bool { library.status(connection) == 0 }

    @discardableResult
    func execute(_ sql: SQL) throws -> Int {
        let result = try run(sql)
        defer { library.clear(result) }
        return library.changed(result).flatMap { Int(String(cString: $0)) } ?? 0
    }

    func fetch(_ sql: SQL) throws -> [Row] {
        let result = try run(sql)
        defer { library.clear(result) }
        let width = library.fields(result)
        var columns: [String: Int] = [:]
        for field in 0..<width {
            guard let name = library.fieldName(result, field) else { continue }
            columns[String(cString: name)] = Int(field)
        }
        return (0..<library.rows(result)).map { row in
            Row(columns: columns, values: (0..<width).map { value(result, row, $0) })
        }
    }

    private func run(_ sql: SQL) throws -> LibPQ.Result? {
        let (text, values) = sql.rendered(placeholder: dialect.placeholder)
        // One flat buffer, so that no pointer outlives the text that it points to.
        var flat: [CChar] = []
        let offsets = values.map { value -> Int? in
            guard let text = Self.text(value) else { return nil }
            defer { flat.append(0) }
            let start = flat.count
            flat.append(contentsOf: text.utf8.lazy.map { CChar(bitPattern: $0) })
            return start
        }
        let result = flat.withUnsafeBufferPointer { buffer in
            let pointers = offsets.map { offset in offset.flatMap { place in buffer.baseAddress.map { $0 + place } } }
            return pointers.withUnsafeBufferPointer {
                library.execute(connection, text, Int32(values.count), nil, $0.baseAddress, nil, nil, 0)
            }
        }
        // 1 = command, 2 = rows.
        guard let result, [1, 2].contains(library.resultStatus(result)) else { throw failure(result) }
        return result
    }

    private static func text(_ value: SQLValue) -> String? {
        switch value {
        case .null: nil
        case .integer(let integer): String(integer)
        case .real(let number): "\(number)"
        // PostgreSQL's text cannot hold NUL; a model's answer may.
        case .text(let text): text.utf8.contains(0) ? text.replacing("\0", with: "\u{FFFD}") : text
        case .blob(let bytes): "\\x" + bytes.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
        }
    }

    private func value(_ result: LibPQ.Result?, _ row: Int32, _ field: Int32) -> SQLValue {
        guard library.isNull(result, row, field) == 0, let pointer = library.value(result, row, field) else { return .null }
        let text = String(cString: pointer)
        switch library.fieldType(result, field) {
        case 16: return .integer(text == "t" ? 1 : 0)
        case 20, 21, 23, 26: return Int64(text).map { .integer($0) } ?? .text(text)
        case 700, 701: return Double(text).map { .real($0) } ?? .text(text)
        case 17: return .blob(Self.bytes(text))
        default: return .text(text)
        }
    }

    private static func bytes(_ text: String) -> [UInt8] {
        let digits = Array(text.utf8.dropFirst(2))
        return stride(from: 0, to: digits.count - 1, by: 2).map { index in
            UInt8(String(decoding: digits[index...(index + 1)], as: UTF8.self), radix: 16) ?? 0
        }
    }

    private func failure(_ result: LibPQ.Result?) -> PostgresFailure {
        let state = library.resultErrorField(result, 67).map { String(cString: $0) } ?? ""
        let message = library.errorMessage(connection).map { String(cString: $0) } ?? "unknown failure"
        library.clear(result)
        return PostgresFailure(state: state, message: message.trimmingCharacters(in: .whitespacesAndNewlines))
    }
}

/// What the server said, by its five-character state.
struct PostgresFailure: Error {
    let state: String
    let message: String

    /// Another transaction was in the way: the same transaction may succeed now.
    var isConflictOfTransactions: Bool { state == "40001" || state == "40P01" }

    var translated: EdisonError {
        switch state.prefix(2) {
        case "23": EdisonError(.conflict, "The database refuses this: \(message)", underlying: self)
        case "08", "57", "": EdisonError(.unavailable, "PostgreSQL went away: \(message)", underlying: self)
        case "53":
            EdisonError(
                .unavailable, "PostgreSQL has no room left: \(message)",
                detail: "Free some space and start again: what is stored stays, and the run goes on from there.",
                underlying: self)
        case "25" where state == "25006":
            EdisonError(.unavailable, "The PostgreSQL database is read-only.", underlying: self)
        case "42" where state == "42501":
            EdisonError(
                .unavailable, "The PostgreSQL user may not do this: \(message)",
                detail: "Grant it CREATE and write rights on the database.", underlying: self)
        default: EdisonError(.internal, "PostgreSQL failed: \(message)", underlying: self)
        }
    }
}
