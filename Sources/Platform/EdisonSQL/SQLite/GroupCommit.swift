import EdisonCore
import GRDB
import Synchronization

/// Writes that wait for SQLite's one writer, committed together: under load most of the price of a small transaction is
/// its commit. Each is still all or nothing, by a savepoint, and is told of its end after the commit only.
final class GroupCommit: Sendable {
    /// One write that waits.
    struct Waiting: Sendable {
        /// Does the work, and gives what is to happen after the commit.
        let work: @Sendable (GRDB.Database) throws -> @Sendable () -> Void
        let fail: @Sendable (any Error) -> Void
    }

    private struct State {
        var waiting: [Waiting] = []
        var isWriting = false
    }

    /// So many that the commit costs little beside the work, so few that readers and other processes get their turn.
    private static let most = 64

    private let state = Mutex(State())

    /// - Returns: whether the writer must be started: it is not at work.
    func add(_ write: Waiting) -> Bool {
        state.withLock { state in
            state.waiting.append(write)
            defer { state.isWriting = true }
            return !state.isWriting
        }
    }

    /// Writes all that waits, and what is added meanwhile.
    func drain(_ db: GRDB.Database) {
        while let batch = next() {
            if batch.count == 1 { alone(batch[0], db) } else { together(batch, db) }
        }
    }

    private func next() -> [Waiting]? {
        state.withLock { state in
            let batch = Array(state.waiting.prefix(Self.most))
            state.waiting.removeFirst(batch.count)
            state.isWriting = !batch.isEmpty
            return batch.isEmpty ? nil : batch
        }
    }

    private func alone(_ write: Waiting, _ db: GRDB.Database) {
        do {
            var done: (@Sendable () -> Void)?
            // IMMEDIATE: two processes that both read before they write would otherwise deadlock.
            try db.inTransaction(.immediate) {
                done = try write.work(db)
                return .commit
            }
            done?()
        } catch { write.fail(error) }
    }

    private func together(_ batch: [Waiting], _ db: GRDB.Database) {
        var ends: [@Sendable () -> Void] = []
        var hasBegun = false
        do {
            try db.inTransaction(.immediate) {
                hasBegun = true
                for write in batch {
                    do {
                        var done: (@Sendable () -> Void)?
                        try db.inSavepoint {
                            done = try write.work(db)
                            return .commit
                        }
                        if let done { ends.append(done) }
                    } catch {
                        // A full disk, among others, ends the whole transaction: then none of them has happened.
                        guard db.isInsideTransaction else { throw error }
                        ends.append { write.fail(error) }
                    }
                }
                return .commit
            }
        } catch {
            // Another process holds the lock for longer than one waits: nobody waits for it once more.
            for write in batch { if hasBegun { alone(write, db) } else { write.fail(error) } }
            return
        }
        for end in ends { end() }
    }
}
