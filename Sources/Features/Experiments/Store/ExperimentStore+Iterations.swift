package import EdisonCore
import EdisonEvaluation
import EdisonEvents
import EdisonPrompts
import EdisonSQL

/// The iterations of a run, each change of state with its event in one transaction.
extension ExperimentStore {
    /// Stores where the iteration stands. A run that goes on makes its iterations again, most of it from what is
    /// stored: what the iteration cost when it was paid for stays.
    package func save(_ record: IterationRecord) async throws {
        try await database.write { db in
            let stored = try status(of: record.number, in: db)
            // A run that goes on passes through its finished iterations again; they stay finished.
            if stored == .completed, !record.status.isTerminal { return }
            try db.execute(
                """
                INSERT INTO iteration
                    (id, experiment_id, number, status, version_id, case_ids, metrics, summary, refused, cost_nano,
                     started_at, finished_at)
                VALUES
                    (\(IterationID.of(record.number, in: experiment).text), \(experiment), \(record.number), \(record.status.rawValue), \(record.version),
                     \(JSONValue.array(record.cases.map { .string($0.text) })),
                     \(record.metrics?.json ?? .null), \(record.summary ?? .null),
                     \(JSONValue.array(record.refused.map { .string($0) })), \(record.cost), \(Timestamp.now),
                     \(record.status.isTerminal ? Timestamp.now : nil))
                ON CONFLICT (experiment_id, number) DO UPDATE SET
                    status = excluded.status, case_ids = excluded.case_ids, metrics = excluded.metrics,
                    summary = excluded.summary, refused = excluded.refused,
                    finished_at = CASE WHEN iteration.status = 'completed'
                        THEN iteration.finished_at ELSE excluded.finished_at END,
                    cost_nano = CASE WHEN iteration.status = 'completed'
                        THEN iteration.cost_nano ELSE excluded.cost_nano END
                """)
            if stored != record.status { try announce(record, in: db) }
        }
    }

    /// When an iteration was completed for the first time; nil while it is not.
    package func completion(of iteration: Int) async throws -> Timestamp? {
        try await database.read { db in
            try db.fetchOne(
                """
                SELECT finished_at FROM iteration
                WHERE experiment_id = \(experiment) AND number = \(iteration) AND status = 'completed'
                """)?.optionalTimestamp("finished_at")
        }
    }

    /// How many iterations are complete.
    func completedIterations() async throws -> Int {
        try await database.read { db in
            try db.fetchOne(
                """
                SELECT COUNT(*) AS count FROM iteration WHERE experiment_id = \(experiment) AND status = 'completed'
                """)?.int("count") ?? 0
        }
    }

    /// When an iteration began for the first time; nil while it has not.
    package func beginning(of iteration: Int) async throws -> Timestamp? {
        try await database.read { db in
            try db.fetchOne(
                "SELECT started_at FROM iteration WHERE experiment_id = \(experiment) AND number = \(iteration)"
            )?.optionalTimestamp("started_at")
        }
    }

    /// No iteration goes on when its run has ended: the one that a limit or a failure cut off ends with it.
    package func endOpenIterations(as status: IterationStatus) async throws {
        try await database.write { db in
            let open = try db.fetch(
                """
                SELECT number, version_id FROM iteration
                WHERE experiment_id = \(experiment) AND status NOT IN ('completed', 'failed', 'cancelled')
                """)
            for row in open {
                let record = IterationRecord(
                    number: try row.int("number"), version: try row.id("version_id"), status: status)
                try db.execute(
                    """
                    UPDATE iteration SET status = \(status.rawValue), finished_at = \(Timestamp.now)
                    WHERE experiment_id = \(experiment) AND number = \(record.number)
                    """)
                try announce(record, in: db)
            }
        }
    }

    /// A run that failed goes on with what failed since its last finished iteration; decisions before that stand.
    package func forgetFailures() async throws {
        try await database.write { db in
            let row = try db.fetchOne(
                """
                SELECT MAX(finished_at) AS moment FROM iteration
                WHERE experiment_id = \(experiment) AND status = 'completed'
                """)
            let moment = try row?.optionalInt64("moment").map(Timestamp.init(microseconds:))
            let since = moment ?? Timestamp(microseconds: 0)
            try evaluations.forgetFailures(scope: experiment.text, since: since, in: db)
            try scans.forgetFailures(scope: experiment.text, since: since, in: db)
        }
    }

    private func status(of number: Int, in db: any DatabaseConnection) throws -> IterationStatus? {
        let row = try db.fetchOne(
            "SELECT status FROM iteration WHERE experiment_id = \(experiment) AND number = \(number)")
        return try row.flatMap { IterationStatus(rawValue: try $0.string("status")) }
    }

    /// The iterations as the result file shows them.
    package func iterations() async throws -> [JSONValue] {
        let rows = try await database.read { db in
            try db.fetch(
                """
                SELECT number, status, version_id, case_ids, metrics, summary, refused, cost_nano FROM iteration
                WHERE experiment_id = \(experiment) ORDER BY number
                """)
        }
        return try rows.map { row in
            [
                "number": .integer(try row.int64("number")), "status": .string(try row.string("status")),
                "version_id": .string(try row.string("version_id")), "case_ids": try row.json("case_ids"),
                "metrics": try row.json("metrics"),
                "summary": try row.json("summary"), "refused": try row.json("refused"),
                "cost_usd": try row.optionalMoney("cost_nano")?.json ?? .null,
            ]
        }
    }
}
