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

    func read<Value: Sendable>(
        _ work: @escaping @Sendable (any DatabaseConnection) throws -> Value
    ) async throws -> Value {
        try await transaction("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", work)
    }

    func write<Value: Sendable>(
        _ work: @escaping @Sendable (any DatabaseConnection) throws -> Value
    ) async throws -> Value {
        try await transaction("BEGIN", work)
    }

    func close() async { await pool.close() }

    private func transaction<Value: Sendable>(
        _ begin: SQL, _ work: @escaping @Sendable (any DatabaseConnection) throws -> Value
    ) async throws -> Value {
        for _ in 0..<8 {
            do { return try await pool.use { try Self.run($0, begin, work) } } catch let failure as PostgresFailure {
                guard failure.isConflictOfTransactions else { throw failure.translated }
            }
        }
        throw EdisonError(.unavailable, "PostgreSQL: other transactions kept getting in the way.")
    }

    private static func run<Value>(
        _ connection: PostgresConnection, _ begin: SQL, _ work: (any DatabaseConnection) throws -> Value
    ) throws -> Value {
        try connection.execute(begin)
        do {
            let value = try work(connection)
            try connection.execute("COMMIT")
            return value
        } catch {
            _ = try? connection.execute("ROLLBACK")
            throw error
        }
    }
}

/// Hands out sessions, at most `limit`, in the order in which they are asked for.
private actor PostgresPool {
    private let library: LibPQ
    private let address: String
    private let limit: Int
    private var idle: [PostgresConnection] = []
    private var open = 0
    private var waiting: [CheckedContinuation<PostgresConnection?, Never>] = []
    private let threads = DispatchQueue(label: "edison.postgres", attributes: .concurrent)

    init(library: LibPQ, address: String, limit: Int) {
        self.library = library
        self.address = address
        self.limit = limit
    }

    func use<Value: Sendable>(_ work: @escaping @Sendable (PostgresConnection) throws -> Value) async throws -> Value {
        let session = try await acquire()
        defer { release(session) }
        return try await onThread { try work(session) }
    }

    func close() {
        open -= idle.count
        idle = []
    }

    private func acquire() async throws -> PostgresConnection {
        if let session = idle.popLast() { return session }
        if open >= limit, let session = await withCheckedContinuation({ waiting.append($0) }) { return session }
        open += 1
        do {
            return try await onThread { [library, address] in try PostgresConnection(library, address) }
        } catch {
            open -= 1
            passOn(nil)
            throw error
        }
    }

    /// A broken session makes room: who waits opens a new one.
    private func release(_ session: PostgresConnection) {
        if session.isUsable { return passOn(session) }
        open -= 1
        passOn(nil)
    }

    private func passOn(_ session: PostgresConnection?) {
        if !waiting.isEmpty {
            waiting.removeFirst().resume(returning: session)
        } else if let session {
            idle.append(session)
        }
    }

    private nonisolated func onThread<Value: Sendable>(
        _ work: @escaping @Sendable () throws -> Value
    ) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            threads.async { continuation.resume(with: Result { try work() }) }
        }
    }
}
