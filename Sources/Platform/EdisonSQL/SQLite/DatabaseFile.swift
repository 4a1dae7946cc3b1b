import EdisonCore
import Foundation
import GRDB

/// A SQLite database as the file that it is: copied while others work on it, looked over, and put in another's place.
package struct DatabaseFile: Sendable {
    package let path: String

    package init(path: String) { self.path = path }

    package var exists: Bool { FileManager.default.fileExists(atPath: path) }

    /// Writes what the database holds at this moment into a new file that only its owner may read. Others go on
    /// reading and writing meanwhile.
    package func writeSnapshot(to copy: String) async throws {
        try await onThread {
            let descriptor = open(copy, O_WRONLY | O_CREAT | O_EXCL, 0o600)
            guard descriptor >= 0 else { throw Self.fault(copy) }
            close(descriptor)
            try session { queue in
                // Into the empty file that stands there now.
                try queue.writeWithoutTransaction { try $0.execute(sql: "VACUUM INTO ?", arguments: [copy]) }
            }
            try Self.flush(copy)
        }
    }

    /// Refuses a file that is damaged, as far as SQLite can tell.
    package func requireSound() async throws {
        try await onThread {
            let faults = try session(readonly: true) { queue in
                try queue.read { db in
                    let words = try String.fetchAll(db, sql: "PRAGMA integrity_check(5)").filter { $0 != "ok" }
                    let orphan = try GRDB.Row.fetchOne(db, sql: "PRAGMA foreign_key_check")
                    return words + (orphan == nil ? [] : ["a row refers to another one that is not there"])
                }
            }
            guard let first = faults.first else { return }
            throw EdisonError(
                .invalid, "\(path) is damaged: \(first.split(separator: "\n").first ?? "").",
                detail: "Take another backup.")
        }
    }

    /// Puts this file in the place of another one, which ceases to be; whoever looks sees the one or the other.
    package func replace(_ other: DatabaseFile) async throws {
        try await onThread {
            // What stands in the log of the old file must never be read into the new one.
            if other.exists {
                try? other.session { try $0.writeWithoutTransaction { _ = try $0.checkpoint(.truncate) } }
            }
            for suffix in ["-wal", "-shm"] where unlink(other.path + suffix) != 0 && errno != ENOENT {
                throw Self.fault(other.path + suffix)
            }
            var status = stat()
            if stat(other.path, &status) == 0 { chmod(path, status.st_mode & 0o777) }
            guard rename(path, other.path) == 0 else { throw Self.fault(other.path) }
            // NSString's own way to the folder ends the process at a name of one letter.
            try Self.flush(URL(fileURLWithPath: other.path).deletingLastPathComponent().path)
        }
    }

    /// The process that works on the database now; nil when none does. This one does not count.
    package var user: Int32? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        // SQLite's place for locks; whoever works with a write-ahead log keeps one there.
        var lock = flock()
        lock.l_type = Int16(F_WRLCK)
        lock.l_whence = Int16(SEEK_SET)
        lock.l_start = 0x4000_0000
        lock.l_len = 512
        guard fcntl(descriptor, F_GETLK, &lock) == 0, lock.l_type != Int16(F_UNLCK) else { return nil }
        return lock.l_pid
    }

    /// Takes the file and what may stand beside it away.
    package func remove() { for suffix in ["", "-wal", "-shm"] { unlink(path + suffix) } }

    private func session<Value>(readonly: Bool = false, _ work: (DatabaseQueue) throws -> Value) throws -> Value {
        var configuration = Configuration()
        configuration.readonly = readonly
        configuration.busyMode = .timeout(10)
        do {
            let queue = try DatabaseQueue(path: path, configuration: configuration)
            defer { try? queue.close() }
            return try work(queue)
        } catch { throw SQLiteFailure.translated(error, path: path) }
    }

    private func onThread<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            DispatchQueue.global().async { continuation.resume(with: Result { try work() }) }
        }
    }

    private static func flush(_ path: String) throws {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw fault(path) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw fault(path) }
    }

    private static func fault(_ path: String) -> EdisonError {
        EdisonError(.unavailable, "Cannot write \(path): \(String(cString: strerror(errno))).")
    }
}
