package import EdisonCore
package import EdisonEvaluation
package import EdisonSQL

/// Every SQL statement of labels by people, and of the picks that brought outputs before them.
package struct LabelStore: Sendable {
    package init() {}

    /// Holds the run until the transaction ends: labels and the result that rests on them change together.
    package func lock(_ run: Experiment.ID, in db: any DatabaseConnection) throws {
        _ = try db.fetchOne("SELECT id FROM experiment WHERE id = \(run)\(db.dialect.lockRows)")
    }

    /// What the same person said of the same output before is replaced.
    package func save(_ label: Label, run: Experiment.ID, in db: any DatabaseConnection) throws {
        try db.execute(
            """
            INSERT INTO label (experiment_id, output_id, author, scores, created_at)
            VALUES (\(run), \(label.output), \(label.author), \(label.scoresJSON), \(label.createdAt))
            ON CONFLICT (experiment_id, output_id, author) DO UPDATE SET
                scores = excluded.scores, created_at = excluded.created_at
            """)
    }

    /// Picks are kept for good; their probability is that of everything picked so far.
    package func save(_ pick: LabelPick, of output: Output.ID, run: Experiment.ID, in db: any DatabaseConnection) throws
    {
        try db.execute(
            """
            INSERT INTO label_pick (experiment_id, output_id, reason, probability, created_at)
            VALUES (\(run), \(output), \(pick.reason.rawValue), \(pick.probability), \(Timestamp.now))
            ON CONFLICT (experiment_id, output_id) DO UPDATE SET probability = excluded.probability
            """)
    }

    package func labels(run: Experiment.ID, in db: any DatabaseConnection) throws -> [Label] {
        let picks = try picks(run: run, in: db)
        return try db.fetch(
            """
            SELECT output_id, author, scores, created_at FROM label WHERE experiment_id = \(run)
            ORDER BY output_id, author
            """
        ).map { row in
            let output: Output.ID = try row.id("output_id")
            let scores = (try row.json("scores").object?.members ?? []).compactMap { score in
                score.value.double.map { (score.key, $0) }
            }
            return Label(
                output: output, author: try row.string("author"),
                scores: Dictionary(scores, uniquingKeysWith: { first, _ in first }),
                createdAt: try row.timestamp("created_at"), pick: picks[output])
        }
    }

    package func picks(run: Experiment.ID, in db: any DatabaseConnection) throws -> [Output.ID: LabelPick] {
        let rows = try db.fetch(
            "SELECT output_id, reason, probability FROM label_pick WHERE experiment_id = \(run) ORDER BY output_id")
        return Dictionary(
            try rows.map { row in
                (
                    try row.id("output_id"),
                    LabelPick(
                        reason: LabelPick.Reason(rawValue: try row.string("reason")) ?? .random,
                        probability: try row.double("probability"))
                )
            }, uniquingKeysWith: { first, _ in first })
    }

    /// What a finished run has resulted in by now; nil while it goes on.
    package func result(of run: Experiment.ID, in db: any DatabaseConnection) throws -> JSONObject? {
        try db.fetchOne(
            "SELECT result FROM experiment WHERE id = \(run) AND status = 'completed' AND result IS NOT NULL"
        )?.json("result").object
    }

    /// The result of a run that is finished, renewed; a run that has gone on makes its own.
    package func renew(_ result: JSONValue, of run: Experiment.ID, in db: any DatabaseConnection) throws {
        try db.execute("UPDATE experiment SET result = \(result) WHERE id = \(run) AND status = 'completed'")
    }

    package struct FinishedRun: Sendable {
        package let id: Experiment.ID
        package let kind: Experiment.Kind
        package let name: String
        let result: JSONValue
    }

    /// The newest run that is done: of a file, of a seed, or of any. Of a file, a refinement goes before an evaluation.
    package func finished(
        file: String?, seed: UInt64?, project: String, in db: any DatabaseConnection
    ) throws -> FinishedRun? {
        let wanted = seed.map { Int64(bitPattern: $0) }
        let row = try db.fetchOne(
            """
            SELECT id, kind, name, result FROM experiment
            WHERE project_id = \(project) AND status = 'completed' AND result IS NOT NULL
                AND (CAST(\(file) AS TEXT) IS NULL OR file = \(file))
                AND (CAST(\(wanted) AS BIGINT) IS NULL OR seed = \(wanted))
            ORDER BY CASE WHEN CAST(\(file) AS TEXT) IS NOT NULL AND kind = 'refine' THEN 0 ELSE 1 END,
                created_at DESC, id DESC LIMIT 1
            """)
        return try row.map { row in
            FinishedRun(
                id: try row.id("id"), kind: Experiment.Kind(rawValue: try row.string("kind")) ?? .refine,
                name: try row.string("name"), result: try row.json("result"))
        }
    }
}
