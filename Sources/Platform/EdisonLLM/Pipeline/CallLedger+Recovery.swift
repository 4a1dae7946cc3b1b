import EdisonCore
import EdisonSQL

/// After a crash: what a dead process has sent is given up.
extension CallLedger {
    /// The processes whose attempts are under way, by what is stored; this one is not among them.
    func openProcesses(scope: String?) async throws -> Set<String> {
        let ofScope: SQL = if let scope { "AND c.scope = \(scope)" } else { "" }
        return try await database.read { db in
            let rows = try db.fetch(
                """
                SELECT DISTINCT a.process FROM model_attempt a JOIN model_call c ON c.id = a.call_id
                WHERE a.status = 'sent' AND a.process <> \(process) \(ofScope)
                """)
            return Set(try rows.map { try $0.string("process") })
        }
    }

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
