import Dispatch
import EdisonCore

/// Hands out sessions, at most `limit`, in the order in which they are asked for.
actor PostgresPool {
    /// What one who waited gets: a session, or the right to open one.
    private enum Grant { case session(PostgresConnection), room }

    nonisolated let limit: Int
    private let library: LibPQ
    private let address: String
    private var idle: [PostgresConnection] = []
    private var open = 0
    private var isClosed = false
    private var waiting: [CheckedContinuation<Grant, Never>] = []
    /// libpq blocks, so its calls run on threads that nobody else needs.
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

    /// A session beside the pool, for what must keep one for long.
    func separateSession() async throws -> PostgresConnection {
        try await onThread { [library, address] in try PostgresConnection(library, address) }
    }

    nonisolated func listener(_ tell: @escaping @Sendable (Rumour) -> Void) -> PostgresListener {
        PostgresListener(library, address, tell)
    }

    var load: DatabaseLoad { DatabaseLoad(busy: open - idle.count, idle: idle.count, waiting: waiting.count) }

    /// Closes what is idle now, and the rest as it comes back.
    func close() {
        isClosed = true
        open -= idle.count
        idle = []
    }

    private func acquire() async throws -> PostgresConnection {
        if isClosed { throw EdisonError(.unavailable, "The database is closed.") }
        if let session = idle.popLast() { return session }
        if open < limit {
            open += 1
        } else if case .session(let session) = await withCheckedContinuation({ waiting.append($0) }) {
            return session
        }
        do {
            return try await onThread { [library, address] in try PostgresConnection(library, address) }
        } catch {
            passOn(.room)
            throw error
        }
    }

    /// A broken session makes room: who waits opens a new one.
    private func release(_ session: PostgresConnection) { passOn(session.isUsable ? .session(session) : .room) }

    private func passOn(_ grant: Grant) {
        if !waiting.isEmpty { return waiting.removeFirst().resume(returning: grant) }
        if case .session(let session) = grant, !isClosed { idle.append(session) } else { open -= 1 }
    }

    private nonisolated func onThread<Value: Sendable>(
        _ work: @escaping @Sendable () throws -> Value
    ) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            threads.async { continuation.resume(with: Result { try work() }) }
        }
    }
}
