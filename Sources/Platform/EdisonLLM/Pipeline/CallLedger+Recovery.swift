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

    /// After this every attempt of the scope (of all, for nil) is settled or lost, but those of processes that live.
    func recover(scope: String?, from processes: Set<String>) async throws -> Int {
        if processes.isEmpty { return 0 }
        let ofScope: SQL = if let scope { "AND c.scope = \(scope)" } else { "" }
        let dead = try await database.read { db in
            try db.fetch(
                """
                SELECT a.id FROM model_attempt a JOIN model_call c ON c.id = a.call_id
                WHERE a.status = 'sent' AND a.process IN (\(list: processes.sorted())) \(ofScope) ORDER BY a.id
                """
            ).map { try $0.string("id") }
        }
        let failure = ProviderFailure(.connection, "the process ended before the answer came")
        // One at a time: the transactions of those that still run lock in another order.
        for attempt in dead { try await database.write { db in try lose(attempt, status: nil, failure: failure, db) } }
        return dead.count
    }
}
