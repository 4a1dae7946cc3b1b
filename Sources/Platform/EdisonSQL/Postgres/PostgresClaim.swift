import EdisonCore
import Synchronization

/// A claim as an advisory lock of a session of its own: the server lets go of it when the session ends.
final class PostgresClaim: ClaimHolder {
    private let session: Mutex<PostgresConnection?>

    /// nil: another session holds the name.
    init?(_ name: String, _ session: PostgresConnection) throws {
        // The number is made of the schema too, since several may live in one database.
        let row = try session.fetch(
            "SELECT pg_try_advisory_lock(hashtextextended(COALESCE(current_schema(), '') || \(name), 0)) AS held"
        ).first
        guard try row?.bool("held") == true else { return nil }
        self.session = Mutex(session)
    }

    var isHeld: Bool { session.withLock { (try? $0?.fetch("SELECT 1 AS alive")) != nil } }

    func release() {
        session.withLock { session in
            // The server notices the end of a session a moment later; who waits for the name is not to wait for that.
            _ = try? session?.fetch("SELECT pg_advisory_unlock_all()")
            session = nil
        }
    }
}
