import EdisonCore
import EdisonSQL
import Synchronization

/// Tells others that a worker lives: a lock by its name, which is free again when its process ends, however it ends.
///
/// A server lets go of it also when a connection is lost though the process lives on, so it is looked after and taken
/// again. While a worker is without it, it claims jobs under a name that nobody takes for dead.
final class WorkerLife: Sendable {
    private let worker: String
    private let database: Database
    private let lock = Mutex<ExclusiveClaim?>(nil)

    init(_ worker: String, _ database: Database) {
        self.worker = worker
        self.database = database
    }

    /// What to claim jobs by.
    var name: String { lock.withLock { $0 == nil } ? worker + Self.mark : worker }

    /// Takes the lock when it is not held; returns whether it was lost meanwhile.
    func hold() async throws -> Bool {
        let held = lock.withLock(\.self)
        if let held, await held.isHeld() { return false }
        lock.withLock { $0 = nil }
        let taken = try await database.claim(Self.lock(of: worker))
        lock.withLock { $0 = taken }
        return held != nil
    }

    func release() {
        lock.withLock { claim in
            claim?.release()
            claim = nil
        }
    }

    /// What a worker holds for as long as it lives.
    static func lock(of worker: String) -> String { "worker \(worker)" }

    /// Whether the lock of a worker of this name says anything about its life.
    static func isTold(_ name: String) -> Bool { !name.hasSuffix(mark) }

    /// The name without the mark.
    static func plainName(of name: String) -> String { isTold(name) ? name : String(name.dropLast(mark.count)) }

    private static let mark = " (without a lock)"
}
