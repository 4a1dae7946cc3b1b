import EdisonCore
import EdisonSQL
import Foundation

/// After a crash: what a dead process has sent is given up.
extension CallLedger {
    /// After this every attempt of the scope (of all, for nil) is settled or lost, but those that are under way.
    func recover(
        scope: String?, isDead: @escaping @Sendable (_ owner: String, _ sent: Timestamp) -> Bool
    ) async throws -> Int {
        let ofScope: SQL = if let scope { "AND c.scope = \(scope)" } else { "" }
        let dead = try await database.read { db in
            try db.fetch(
                """
                SELECT a.id, a.process, a.sent_at FROM model_attempt a JOIN model_call c ON c.id = a.call_id
                WHERE a.status = 'sent' AND a.process <> \(process) \(ofScope) ORDER BY a.id
                """
            ).filter { isDead(try $0.string("process"), try $0.timestamp("sent_at")) }.map { try $0.string("id") }
        }
        let failure = ProviderFailure(.connection, "the process ended before the answer came")
        // One at a time: the transactions of those that still run lock in another order.
        for attempt in dead { try await database.write { db in try lose(attempt, status: nil, failure: failure, db) } }
        return dead.count
    }
}

/// Names a process so that another one can tell whether it still runs.
enum ProcessIdentity {
    /// The last part tells processes apart that get the same number one after the other, as they do in containers.
    static let current =
        "\(ProcessInfo.processInfo.hostName)/\(ProcessInfo.processInfo.processIdentifier)/\(UInt32.random(in: 0 ... .max))"

    /// Seconds after which no attempt can still be under way, whoever made it: what another machine's process has sent
    /// can only be judged by its age.
    static let longestAttempt = 3600

    /// Of another process than this one.
    static func isDead(_ identity: String, sent: Timestamp) -> Bool {
        if sent.advanced(by: .seconds(longestAttempt)) < .now { return true }
        let parts = identity.split(separator: "/")
        guard parts.count == 3, parts[0] == ProcessInfo.processInfo.hostName, let id = Int32(parts[1]) else {
            return false
        }
        if id == ProcessInfo.processInfo.processIdentifier { return true }
        return kill(id, 0) != 0 && errno == ESRCH
    }
}
