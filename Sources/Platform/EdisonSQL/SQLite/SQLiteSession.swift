import EdisonCore
import Foundation
import GRDB

/// Statements of one open transaction of SQLite.
struct SQLiteSession: DatabaseSession {
    let db: GRDB.Database
    let path: String
    let isReading: Bool

    var dialect: Dialect { .sqlite }

    func execute(_ sql: SQL) throws -> Int {
        try translating {
            let (statement, arguments) = try prepared(sql)
            let before = db.totalChangesCount
            try statement.execute(arguments: arguments)
            // SQLite repeats the count of the last change after a statement that changes no row.
            return db.totalChangesCount == before ? 0 : db.changesCount
        }
    }

    func fetch(_ sql: SQL) throws -> [Row] {
        try translating {
            let (statement, arguments) = try prepared(sql)
            let columns = Row.positions(of: statement.columnNames)
            return try GRDB.Row.fetchAll(statement, arguments: arguments).map { row in
                Row(columns: columns, values: row.databaseValues.map(Self.value))
            }
        }
    }

    private func translating<Value>(_ work: () throws -> Value) throws -> Value {
        do { return try work() } catch let error as DatabaseError {
            throw isReading && error.resultCode == .SQLITE_READONLY
                ? EdisonError.writeInsideRead(underlying: error) : SQLiteFailure.translated(error, path: path)
        }
    }

    private func prepared(_ sql: SQL) throws -> (Statement, StatementArguments) {
        let (text, values) = try sql.rendered(placeholder: dialect.placeholder)
        return (try db.cachedStatement(sql: text), StatementArguments(values.map(Self.stored)))
    }

    /// As the one type that GRDB binds, and not as any that it could convert: those are looked up for each value.
    private static func stored(_ value: SQLValue) -> DatabaseValue {
        switch value {
        case .null: .null
        case .integer(let integer): integer.databaseValue
        case .real(let number): number.databaseValue
        case .text(let text): text.databaseValue
        case .blob(let bytes): Data(bytes).databaseValue
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
