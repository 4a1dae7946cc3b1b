import EdisonCore
import Foundation
import GRDB
import Synchronization

/// SQLite through GRDB: write-ahead log, one writer, several readers. GRDB's types do not leave the driver's files.
final class SQLiteDriver: DatabaseDriver {
    let dialect = Dialect.sqlite
    private let pool: DatabasePool
    private static let readers = 4
    private let writes = GroupCommit()
    /// Under way or waiting for a reader.
    private let readings = Mutex(0)
    private let watching = DispatchQueue(label: "edison.sqlite.watch")
    /// GRDB answers for a closed pool with whatever SQLite says about no database at all.
    private let isClosed = Mutex(false)

    init(path: String) throws {
        let folder = URL(fileURLWithPath: path).deletingLastPathComponent()
        var configuration = Configuration()
        configuration.maximumReaderCount = Self.readers
        configuration.busyMode = .timeout(10)
        configuration.foreignKeysEnabled = true
        configuration.prepareDatabase { db in
            // Takes effect on an empty file only; 16 KiB pages measured 1.25 times as fast for rows of two kilobytes.
            if !db.configuration.readonly { try db.execute(sql: "PRAGMA page_size = 16384") }
            try db.execute(sql: "PRAGMA synchronous = NORMAL")
            // 16 MB at most; the default holds 125 of these pages, fewer than one index of a long run.
            try db.execute(sql: "PRAGMA cache_size = -16384")
            try db.execute(sql: "PRAGMA temp_store = MEMORY")
            // What is erased leaves no bytes behind; Debian builds SQLite so, others do not.
            try db.execute(sql: "PRAGMA secure_delete = ON")
        }
        do {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            // It holds prompts, cases and people's addresses: nobody else reads it. Its log takes over these rights.
            let made = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
            if made >= 0 { Foundation.close(made) }
            pool = try DatabasePool(path: path, configuration: configuration)
        } catch let error as DatabaseError {
            throw SQLiteFailure.translated(error, path: path)
        } catch { throw SQLiteFailure.cannotOpen(path, error) }
    }

    func read<Value: Sendable>(
        _ work: @escaping @Sendable (any DatabaseConnection) throws -> Value
    ) async throws -> Value {
        try requireOpen()
        readings.withLock { $0 += 1 }
        // With a continuation, because GRDB's async functions interrupt work when the task is cancelled.
        return try await withCheckedThrowingContinuation { continuation in
            pool.asyncRead { [self] opened in
                let result = translating { try reading(opened.get(), work) }
                readings.withLock { $0 -= 1 }
                continuation.resume(with: result)
            }
        }
    }

    /// Only while a reader is free: to wait for one here would hold up whatever else the thread has to do.
    func glance<Value: Sendable>(
        _ work: @escaping @Sendable (any DatabaseConnection) throws -> Value
    ) async throws -> Value {
        try requireOpen()
        let isFree = readings.withLock { count in
            if count < Self.readers { count += 1 } else { return false }
            return true
        }
        guard isFree else { return try await read(work) }
        defer { readings.withLock { $0 -= 1 } }
        return try readHere(work).get()
    }

    /// GRDB's function of the same name for callers that are not async.
    private func readHere<Value>(
        _ work: (any DatabaseConnection) throws -> Value
    ) -> Result<Value, any Error> {
        translating { try pool.read { db in try reading(db, work) } }
    }

    func write<Value: Sendable>(
        _ isolation: Isolation, _ work: @escaping @Sendable (any DatabaseConnection) throws -> Value
    ) async throws -> Value {
        try requireOpen()
        return try await withCheckedThrowingContinuation { continuation in
            let waiting = GroupCommit.Waiting(
                work: { [self] db in
                    let (value, announcing) = try writing(db, work)
                    return {
                        announcing()
                        continuation.resume(returning: value)
                    }
                },
                fail: { [self] error in
                    continuation.resume(throwing: SQLiteFailure.translated(error, path: pool.path))
                })
            if writes.add(waiting) { pool.asyncWriteWithoutTransaction { [self] db in writes.drain(db) } }
        }
    }

    func claim(_ name: String) async throws -> (any ClaimHolder)? { try SQLiteClaim(name, database: pool.path) }

    func watch(_ tell: @escaping @Sendable (Rumour) -> Void) -> any NoticeSource {
        SQLiteWatch(path: pool.path, queue: watching, tell)
    }

    func load() async -> DatabaseLoad { writes.load }

    func close() async {
        let wasClosed = isClosed.withLock { closed in
            defer { closed = true }
            return closed
        }
        if wasClosed { return }
        // Whoever watched has the file closed then: the last one that closes it tidies the log up.
        await withCheckedContinuation { continuation in watching.async { continuation.resume() } }
        // A copy of the file alone is then the whole database. Another process that works on it keeps the log.
        // With a continuation, since GRDB's own async function interrupts the database when the task is cancelled.
        await withCheckedContinuation { continuation in
            pool.asyncWriteWithoutTransaction { db in
                _ = try? db.checkpoint(.truncate)
                continuation.resume()
            }
        }
        // SQLite removes the log with the last connection, if that one may write; the pool closes its readers last.
        pool.invalidateReadOnlyConnections()
        try? pool.close()
        SQLiteClaim.tidyUp(beside: pool.path)
    }

    private func requireOpen() throws {
        if isClosed.withLock(\.self) { throw EdisonError(.unavailable, "The database \(pool.path) is closed.") }
    }

    private func writing<Value>(
        _ db: GRDB.Database, _ work: (any DatabaseConnection) throws -> Value
    ) throws -> (Value, @Sendable () -> Void) {
        let transaction = transaction(db, reading: false)
        let value = try work(transaction)
        if let failure = transaction.failure { throw failure }
        return (value, transaction.announcing)
    }

    private func reading<Value>(
        _ db: GRDB.Database, _ work: (any DatabaseConnection) throws -> Value
    ) throws -> Value {
        let transaction = transaction(db, reading: true)
        let value = try work(transaction)
        if let failure = transaction.failure { throw failure }
        return value
    }

    private func transaction(_ db: GRDB.Database, reading: Bool) -> Transaction {
        Transaction(SQLiteSession(db: db, path: pool.path, isReading: reading))
    }

    private func translating<Value>(_ work: () throws -> Value) -> Result<Value, any Error> {
        Result { try work() }.mapError { SQLiteFailure.translated($0, path: pool.path) }
    }
}
