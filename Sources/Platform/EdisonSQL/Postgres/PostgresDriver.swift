import EdisonCore
import Foundation

/// PostgreSQL through libpq: a pool of sessions, blocking calls on threads of their own.
struct PostgresDriver: DatabaseDriver {
    let dialect = Dialect.postgres
    private let pool: PostgresPool

    static func open(_ address: String) async throws -> PostgresDriver {
        let library = try LibPQ.load()
        let pool = PostgresPool(library: library, address: address, limit: 8)
        // The first session tells now, in words, if the server cannot be reached.
        try await pool.use { _ in }
        return PostgresDriver(pool: pool)
    }

    /// The address without password and parameters.
    static func shownName(_ address: String) -> String {
        guard var parts = URLComponents(string: address) else { return "postgres" }
        parts.password = nil
        parts.query = nil
        return parts.string ?? "postgres"
    }

    func glance<Value: Sendable>(
        _ work: @escaping @Sendable (any DatabaseConnection) throws -> Value
    ) async throws -> Value { try await read(work) }

    func read<Value: Sendable>(
        _ work: @escaping @Sendable (any DatabaseConnection) throws -> Value
    ) async throws -> Value {
        try await repeating { connection in
            try Self.run(connection, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", reading: true, work)
        }
    }

    func write<Value: Sendable>(
        _ isolation: Isolation, _ work: @escaping @Sendable (any DatabaseConnection) throws -> Value
    ) async throws -> Value {
        let begin: SQL =
            switch isolation {
            case .committed: "BEGIN ISOLATION LEVEL READ COMMITTED"
            case .serial: "BEGIN ISOLATION LEVEL SERIALIZABLE"
            }
        return try await repeating { try Self.run($0, begin, reading: false, work) }
    }

    func claim(_ name: String) async throws -> (any ClaimHolder)? {
        let session = try await pool.separateSession()
        do { return try PostgresClaim(name, session) } catch let failure as PostgresFailure { throw failure.translated }
    }

    func watch(_ tell: @escaping @Sendable (Rumour) -> Void) -> any NoticeSource { pool.listener(tell) }

    func load() async -> DatabaseLoad { await pool.load }

    func close() async { await pool.close() }

    /// Repeats a transaction that others got in the way of, after a short wait of random length, and one whose idle
    /// session turned out to be dead before anything was done with it.
    private func repeating<Value: Sendable>(
        _ transaction: @escaping @Sendable (PostgresConnection) throws -> Value
    ) async throws -> Value {
        var conflicts = 0
        var deadSessions = 0
        while true {
            do { return try await pool.use(transaction) } catch let failure as PostgresFailure {
                conflicts += 1
                guard failure.isConflictOfTransactions, conflicts < 50 else { throw failure.translated }
                let longest = 500 << min(conflicts, 7)
                try await Task.sleep(for: .microseconds(Int.random(in: 0...longest)))
            } catch let dead as DeadSession {
                deadSessions += 1
                guard deadSessions <= pool.limit else { throw dead.failure.translated }
            }
        }
    }

    /// The session was lost while it lay idle; nothing was begun.
    private struct DeadSession: Error { let failure: PostgresFailure }

    /// Throws `PostgresFailure` for what may be worth a repetition, else what the work threw.
    private static func run<Value>(
        _ connection: PostgresConnection, _ begin: SQL, reading: Bool,
        _ work: (any DatabaseConnection) throws -> Value
    ) throws -> Value {
        do { _ = try connection.execute(begin) } catch let failure as PostgresFailure where failure.isLostConnection {
            throw DeadSession(failure: failure)
        }
        let transaction = Transaction(PostgresSession(connection: connection, isReading: reading))
        do {
            let value = try work(transaction)
            if let failure = transaction.failure { throw failure }
            try commit(connection)
            transaction.announcing()
            return value
        } catch {
            connection.rollBack()
            if let failure = conflict(transaction.failure) ?? conflict(error) { throw failure }
            throw error
        }
    }

    private static func conflict(_ error: (any Error)?) -> PostgresFailure? {
        let failure = error as? PostgresFailure ?? (error as? EdisonError)?.underlying as? PostgresFailure
        return failure?.isConflictOfTransactions == true ? failure : nil
    }

    private static func commit(_ connection: PostgresConnection) throws {
        do { _ = try connection.execute("COMMIT") } catch let failure as PostgresFailure where failure.isLostConnection
        {
            throw EdisonError(
                .unavailable, "PostgreSQL went away while it stored a change: \(failure.message)",
                detail: "It may or may not be stored; look before doing it again.", underlying: failure)
        }
    }
}
