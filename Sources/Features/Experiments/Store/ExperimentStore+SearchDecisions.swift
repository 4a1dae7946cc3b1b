package import EdisonCore
import EdisonSQL

/// Where a search went on, and where it ended for the sake of the test.
extension ExperimentStore {
    /// nil: not decided yet.
    package func searchDecision(before iteration: Int) async throws -> SearchDecision? {
        try await database.read { db in
            try db.fetchOne(
                """
                SELECT limits, reason FROM search_decision
                WHERE experiment_id = \(experiment) AND iteration = \(iteration)
                """
            ).map { row in
                SearchDecision(
                    limits: try row.string("limits"),
                    reason: try row.optionalString("reason").flatMap(StopReason.init(rawValue:)))
            }
        }
    }

    /// In the place of what was decided under other limits.
    package func decide(_ decision: SearchDecision, before iteration: Int) async throws {
        try await database.write { db in
            try db.execute(
                """
                INSERT INTO search_decision (experiment_id, iteration, limits, reason, decided_at)
                VALUES (\(experiment), \(iteration), \(decision.limits), \(decision.reason?.rawValue), \(Timestamp.now))
                ON CONFLICT (experiment_id, iteration) DO UPDATE SET
                    limits = excluded.limits, reason = excluded.reason, decided_at = excluded.decided_at
                """)
        }
    }

    /// When each completed iteration began and ended.
    package func iterationSpans(through number: Int) async throws -> [ClosedRange<Timestamp>] {
        try await database.read { db in
            try db.fetch(
                """
                SELECT started_at, finished_at FROM iteration
                WHERE experiment_id = \(experiment) AND number <= \(number) AND status = 'completed'
                ORDER BY number
                """
            ).compactMap { row in
                guard let began = try row.optionalTimestamp("started_at"),
                    let ended = try row.optionalTimestamp("finished_at"), began <= ended
                else { return nil }
                return began...ended
            }
        }
    }
}
