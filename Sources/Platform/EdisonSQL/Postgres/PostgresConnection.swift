import EdisonCore
import Foundation

/// One session of a PostgreSQL server. The pool hands it to one job at a time.
///
/// `@unchecked`: a libpq connection may move between threads as long as one uses it at a time, which the pool sees to.
final class PostgresConnection: @unchecked Sendable {
    let library: LibPQ
    let connection: LibPQ.Connection
    private var statements = PreparedStatements()

    init(_ library: LibPQ, _ address: String) throws {
        self.library = library
        // What stands before the address is a default, what stands after it holds whatever the address says.
        let settings = [
            ("connect_timeout", "10"), ("fallback_application_name", "edison"), ("keepalives_idle", "30"),
            ("dbname", address), ("client_encoding", "UTF8"),
        ]
        guard let connection = library.connect(settings) else {
            throw EdisonError(.unavailable, "libpq has no memory for a connection.")
        }
        self.connection = connection
        guard library.status(connection) == 0 else {
            throw EdisonError(
                .unavailable, "Cannot reach PostgreSQL at \(PostgresDriver.shownName(address)).", detail: words)
        }
        // Whatever the server's defaults are: numbers round trip, bytes come as hexadecimal digits, no chatter.
        _ = try fetch(
            """
            SELECT set_config('extra_float_digits', '1', false), set_config('bytea_output', 'hex', false),
                   set_config('standard_conforming_strings', 'on', false),
                   set_config('client_min_messages', 'warning', false)
            """)
    }

    deinit { library.finish(connection) }

    /// Connected, and in no transaction.
    var isUsable: Bool { isConnected && library.transactionStatus(connection) == 0 }
    private var isConnected: Bool { library.status(connection) == 0 }

    /// Ends whatever transaction is open, if one is; a failed COMMIT has ended it already.
    func rollBack() {
        guard isConnected, library.transactionStatus(connection) != 0 else { return }
        _ = try? execute("ROLLBACK")
    }

    var words: String {
        let text = library.errorMessage(connection).map { String(cString: $0) } ?? "unknown reason"
        return text.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    func execute(_ sql: SQL) throws -> Int {
        let result = try run(sql)
        defer { library.clear(result) }
        return library.changed(result).flatMap { Int(String(cString: $0)) } ?? 0
    }

    func fetch(_ sql: SQL) throws -> [Row] {
        let result = try run(sql)
        defer { library.clear(result) }
        let fields = 0..<library.fields(result)
        let columns = Row.positions(
            of: fields.map { field in library.fieldName(result, field).map { String(cString: $0) } ?? "" })
        return (0..<library.rows(result)).map { row in
            Row(columns: columns, values: fields.map { value(result, row, $0) })
        }
    }

    private func run(_ sql: SQL) throws -> LibPQ.Result? {
        let (text, values) = try sql.rendered(placeholder: Dialect.postgres.placeholder)
        let parameters = PostgresParameters(values)
        guard let name = try prepared(PreparedStatements.Key(text: text, types: parameters.types)) else {
            return try checked(parameters.run(text, on: connection, library))
        }
        return try checked(parameters.run(prepared: name, on: connection, library), wasPrepared: true)
    }

    /// The name by which the server knows the statement; nil where it is sent whole.
    private func prepared(_ key: PreparedStatements.Key) throws -> String? {
        switch statements.way(of: key) {
        case .unprepared: return nil
        case .prepared(let name): return name
        case .prepare(let name):
            if statements.isFull {
                library.clear(try checked(PostgresParameters([]).run("DEALLOCATE ALL", on: connection, library)))
                statements.forget()
            }
            library.clear(
                try checked(library.prepare(connection, name, key.text, Int32(key.types.count), key.types)))
            statements.note(key, as: name)
            return name
        }
    }

    private func checked(_ result: LibPQ.Result?, wasPrepared: Bool = false) throws -> LibPQ.Result {
        // 1 = command, 2 = rows.
        if let result, [1, 2].contains(library.resultStatus(result)) { return result }
        var failure = failure(result)
        failure.wasPrepared = wasPrepared
        if failure.isUnknownStatement { statements.giveUp() } else if failure.isStalePlan { statements.forget() }
        throw failure
    }

    private func value(_ result: LibPQ.Result?, _ row: Int32, _ field: Int32) -> SQLValue {
        guard library.isNull(result, row, field) == 0, let pointer = library.value(result, row, field) else {
            return .null
        }
        return PostgresType.value(String(cString: pointer), type: library.fieldType(result, field))
    }

    private func failure(_ result: LibPQ.Result?) -> PostgresFailure {
        defer { library.clear(result) }
        func field(_ letter: Unicode.Scalar) -> String? {
            library.resultErrorField(result, Int32(letter.value)).map { String(cString: $0) }
        }
        return PostgresFailure(state: field("C") ?? "", message: field("M") ?? words)
    }
}

/// Statements of one open transaction of PostgreSQL.
struct PostgresSession: DatabaseSession {
    let connection: PostgresConnection
    let isReading: Bool

    var dialect: Dialect { .postgres }

    func execute(_ sql: SQL) throws -> Int { try translating { try connection.execute(sql) } }
    func fetch(_ sql: SQL) throws -> [Row] { try translating { try connection.fetch(sql) } }

    private func translating<Value>(_ work: () throws -> Value) throws -> Value {
        do { return try work() } catch let failure as PostgresFailure {
            throw isReading && failure.isRefusedWrite
                ? EdisonError.writeInsideRead(underlying: failure) : failure.translated
        }
    }
}
