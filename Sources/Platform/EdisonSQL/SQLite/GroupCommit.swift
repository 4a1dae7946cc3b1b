import EdisonCore
import GRDB
import Synchronization

/// Writes that wait for SQLite's one writer, committed together: under load most of the price of a small transaction is
/// its commit. Each is still all or nothing, and is told of its end after the commit only.
final class GroupCommit: Sendable {
    /// One write that waits.
    struct Waiting: Sendable {
        /// Does the work, and gives what is to happen after the commit. Done again when it was undone with others.
        let work: @Sendable (GRDB.Database) throws -> @Sendable () -> Void
        let fail: @Sendable (any Error) -> Void
    }

    private struct State {
        var waiting: [Waiting] = []
        var isWriting = false
        /// So many batches are still to be written with a savepoint for each write.
        var careful = 0
    }

    /// So many that the commit costs little beside the work, so few that readers and other processes get their turn.
    private static let most = 64
    /// Where one write fails, as at the end of a budget, the next ones often do too.
    private static let carefulAfterFailure = 16

    private let state = Mutex(State())

    /// - Returns: whether the writer must be started: it is not at work.
    func add(_ write: Waiting) -> Bool {
        state.withLock { state in
            state.waiting.append(write)
            defer { state.isWriting = true }
            return !state.isWriting
        }
    }

    var load: DatabaseLoad {
        state.withLock {
            DatabaseLoad(busy: $0.isWriting ? 1 : 0, idle: $0.isWriting ? 0 : 1, waiting: $0.waiting.count)
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
        func commit(_ write: (Waiting) throws -> Void) throws {
            ends = []
            try db.inTransaction(.immediate) {
                hasBegun = true
                for one in batch { try write(one) }
                return .commit
            }
        }
        do {
            do {
                if isCareful { throw Failed() }
                // A savepoint for each would cost as much as a statement, and hardly ever be needed.
                try commit { write in
                    do { ends.append(try write.work(db)) } catch { throw Failed() }
                }
            } catch is Failed {
                try commit { write in
                    if let end = try inSavepoint(write, db) { ends.append(end) }
                }
            }
        } catch {
            // Another process holds the lock for longer than one waits: nobody waits for it once more.
            for write in batch { if hasBegun { alone(write, db) } else { write.fail(error) } }
            return
        }
        for end in ends { end() }
    }

    /// One write did not succeed, and took the others with it.
    private struct Failed: Error {}

    private var isCareful: Bool {
        state.withLock { state in
            defer { state.careful = max(0, state.careful - 1) }
            return state.careful > 0
        }
    }

    private func inSavepoint(_ write: Waiting, _ db: GRDB.Database) throws -> (@Sendable () -> Void)? {
        do {
            var done: (@Sendable () -> Void)?
            try db.inSavepoint {
                done = try write.work(db)
                return .commit
            }
            return done
        } catch {
            // A full disk, among others, ends the whole transaction: then none of them has happened.
            guard db.isInsideTransaction else { throw error }
            state.withLock { $0.careful = Self.carefulAfterFailure }
            return { write.fail(error) }
        }
    }
}
