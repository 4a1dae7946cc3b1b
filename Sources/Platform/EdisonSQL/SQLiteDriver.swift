import EdisonCore
import Foundation
import GRDB

/// SQLite through GRDB: write-ahead log, one writer, several readers. GRDB's types do not leave this file.
struct SQLiteDriver: DatabaseDriver {
    let dialect = Dialect.sqlite
    private let pool: DatabasePool

    init(path: String) throws {
        let folder = URL(fileURLWithPath: path).deletingLastPathComponent()
        var configuration = Configuration()
        configuration.maximumReaderCount = 4
        configuration.busyMode = .timeout(10)
        configuration.foreignKeysEnabled = true
        configuration.prepareDatabase { db in
            // Takes effect on an empty file only; 16 KiB pages measured 1.25 times as fast for rows of two kilobytes.
            if !db.configuration.readonly { try db.execute(sql: "PRAGMA page_size = 16384") }
            try db.execute(sql: "PRAGMA synchronous = NORMAL")
            try db.execute(sql: "PRAGMA temp_store = MEMORY")
        }
        do {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            pool = try DatabasePool(path: path, configuration: configuration)
        } catch { throw SQLiteFailure.translated(error, path: path) }
    }

    func read<Value: Sendable>(
        _ work: @escaping @Sendable (any DatabaseConnection) throws -> Value
    ) async throws -> Value {
        do { return try await pool.read { try work(SQLiteConnection(db: $0)) } } catch {
            throw SQLiteFailure.translated(error, path: pool.path)
        }
    }

    func write<Value: Sendable>(
        _ work: @escaping @Sendable (any DatabaseConnection) throws -> Value
    ) async throws -> Value {
        do {
            return try await pool.writeWithoutTransaction { db in
                var result: Value?
                // IMMEDIATE: two processes that both read before they write would otherwise deadlock.
                try db.inTransaction(.immediate) {
                    result = try work(SQLiteConnection(db: db))
                    return .commit
                }
                guard let result else { throw EdisonError(.internal, "The transaction gave no result.") }
                return result
            }
        } catch { throw SQLiteFailure.translated(error, path: pool.path) }
    }

    func close() async { try? pool.close() }
}

private struct SQLiteConnection: DatabaseConnection {
    let db: GRDB.Database
    var dialect: Dialect { .sqlite }

    func execute(_ sql: SQL) throws -> Int {
        let (statement, arguments) = try prepared(sql)
        try statement.execute(arguments: arguments)
        return db.changesCount
    }

    func fetch(_ sql: SQL) throws -> [Row] {
        let (statement, arguments) = try prepared(sql)
        let names = statement.columnNames
        let columns = Dictionary(names.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
        return try GRDB.Row.fetchAll(statement, arguments: arguments).map { row in
            Row(columns: columns, values: row.databaseValues.map(Self.value))
        }
    }

    private func prepared(_ sql: SQL) throws -> (Statement, StatementArguments) {
        let (text, values) = sql.rendered(placeholder: dialect.placeholder)
        return (try db.cachedStatement(sql: text), StatementArguments(values.map(Self.argument)))
    }

    private static func argument(_ value: SQLValue) -> (any DatabaseValueConvertible)? {
        switch value {
        case .null: nil
        case .integer(let integer): integer
        case .real(let number): number
        case .text(let text): text
        case .blob(let bytes): Data(bytes)
        }
    }

    private static func value(_ stored: DatabaseValue) -> SQLValue {
        switch stored.storage {
        case .null: .null
        case .int64(let integer): .integer(integer)
        case .double(let number): .real(number)
        case .string(let text): .text(text)
        case .blob(let data): .blob(Array(data))
        }
    }
}

/// Says in words for people what SQLite says in codes.
private enum SQLiteFailure {
    static func translated(_ error: any Error, path: String) -> any Error {
        guard let error = error as? DatabaseError else {
            if error is EdisonError || error is CancellationError { return error }
            return EdisonError(.unavailable, "Cannot open the database \(path).", underlying: error)
        }
        switch error.resultCode {
        case .SQLITE_CONSTRAINT:
            return EdisonError(.conflict, "The database refuses this: \(error.message ?? "a rule is broken").", underlying: error)
        case .SQLITE_BUSY, .SQLITE_LOCKED:
            return EdisonError(
                .unavailable, "The database \(path) is busy with another process.",
                detail: "Wait until it is done, or use another file with --database.", underlying: error)
        case .SQLITE_READONLY:
            return EdisonError(
                .unavailable, "The database \(path) is read-only.",
                detail: "Make the file and its folder writable, or use another file with --database.", underlying: error)
        case .SQLITE_FULL, .SQLITE_IOERR:
            return EdisonError(
                .unavailable, "The disk of the database \(path) is full or cannot be written.",
                detail: "Free some space and start again: what is stored stays, and the run goes on from there.",
                underlying: error)
        case .SQLITE_NOTADB, .SQLITE_CORRUPT:
            return EdisonError(
                .unavailable, "\(path) is not a usable SQLite database.",
                detail: "Restore it from a backup, or use another file with --database.", underlying: error)
        case .SQLITE_CANTOPEN, .SQLITE_PERM, .SQLITE_AUTH:
            return EdisonError(
                .unavailable, "Cannot open the database \(path).",
                detail: "Check that the folder exists and can be written, or use another file with --database.",
                underlying: error)
        default:
            return EdisonError(.internal, "The database failed: \(error.message ?? "\(error.resultCode)").", underlying: error)
        }
    }
}
