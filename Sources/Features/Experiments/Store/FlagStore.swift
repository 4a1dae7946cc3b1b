import EdisonCore
import EdisonEvaluation
import EdisonSQL

/// Every SQL statement of flagged outputs: who flagged what, and what people said of it.
struct FlagStore: Sendable {
    /// What judges flagged in outputs of runs that are not archived.
    func judged(project: String, in db: any DatabaseConnection) throws -> [FlaggedRow] {
        try db.fetch(
            """
            SELECT o.id, o.text, o.model, o.scope, v.number, t.input, t.expected, e.name, j.judge, j.flags,
                   j.rationales, j.created_at
            FROM judgment j
            JOIN output o ON o.id = j.output_id
            JOIN experiment e ON e.id = o.scope
            JOIN prompt_version v ON v.id = o.version_id
            JOIN test_case t ON t.id = o.case_id
            WHERE j.flagged = 1 AND j.valid = 1 AND j.other_output_id IS NULL AND e.project_id = \(project)
                AND e.status <> 'archived'
            ORDER BY j.created_at, o.id, j.judge
            """
        ).map { row in
            let rationales = (try row.json("rationales").object?.members ?? []).compactMap(\.value.string)
            return try FlaggedRow(
                row,
                FlaggedOutput.RaisedFlags(
                    judge: try row.string("judge"), flags: SafetyFlags(json: try row.json("flags")),
                    evidence: rationales.filter { !$0.isEmpty }.joined(separator: " ")))
        }
    }

    /// What the safety scan flagged: texts, known by their hash, so the outputs of those runs are looked through.
    func scanned(project: String, in db: any DatabaseConnection) throws -> [FlaggedRow] {
        let scans = try db.fetch(
            """
            SELECT s.scope, s.text_hash, s.flags, s.evidence FROM safety_scan s
            JOIN experiment e ON e.id = s.scope
            WHERE s.flagged = 1 AND e.project_id = \(project) AND e.status <> 'archived'
            """)
        var flags: [String: [ContentHash: FlaggedOutput.RaisedFlags]] = [:]
        for row in scans {
            let hash = ContentHash(stored: try row.string("text_hash"))
            flags[try row.string("scope"), default: [:]][hash] = FlaggedOutput.RaisedFlags(
                judge: nil, flags: SafetyFlags(json: try row.json("flags")), evidence: try row.string("evidence"))
        }
        return try flags.sorted { $0.key < $1.key }.flatMap { scope, flags in
            try db.fetch(
                """
                SELECT o.id, o.text, o.model, o.scope, v.number, t.input, t.expected, e.name, o.created_at
                FROM output o
                JOIN experiment e ON e.id = o.scope
                JOIN prompt_version v ON v.id = o.version_id
                JOIN test_case t ON t.id = o.case_id
                WHERE o.scope = \(scope) AND o.text IS NOT NULL ORDER BY o.created_at, o.id
                """
            ).compactMap { row in
                try flags[ContentHash(of: try row.string("text"))].map { try FlaggedRow(row, $0) }
            }
        }
    }

    /// What was said before of the same output is replaced.
    func save(
        _ review: FlagReview, of output: Output.ID, run: Experiment.ID, in db: any DatabaseConnection
    ) throws {
        try db.execute(
            """
            INSERT INTO flag_review (output_id, experiment_id, decision, note, author, created_at)
            VALUES (\(output), \(run), \(review.decision.rawValue), \(review.note), \(review.author),
                    \(review.createdAt))
            ON CONFLICT (output_id) DO UPDATE SET
                decision = excluded.decision, note = excluded.note, author = excluded.author,
                created_at = excluded.created_at
            """)
    }

    /// - Parameter run: nil for all.
    func reviews(run: Experiment.ID?, in db: any DatabaseConnection) throws -> [Output.ID: FlagReview] {
        let rows = try db.fetch(
            """
            SELECT output_id, decision, note, author, created_at FROM flag_review
            WHERE CAST(\(run) AS TEXT) IS NULL OR experiment_id = \(run) ORDER BY output_id
            """)
        return Dictionary(
            try rows.map { row in
                (
                    try row.id("output_id"),
                    FlagReview(
                        FlagReview.Decision(rawValue: try row.string("decision")) ?? .dismissed,
                        note: try row.string("note"), author: try row.string("author"),
                        createdAt: try row.timestamp("created_at"))
                )
            }, uniquingKeysWith: { first, _ in first })
    }

    func delete(run: Experiment.ID, in db: any DatabaseConnection) throws {
        try db.execute("DELETE FROM flag_review WHERE experiment_id = \(run)")
    }
}

/// One flag of one output, as it is stored; an output that several flagged has several.
struct FlaggedRow {
    let run: Experiment.ID
    let runName: String
    let since: Timestamp
    let flagged: FlaggedOutput

    init(_ row: Row, _ raised: FlaggedOutput.RaisedFlags) throws {
        run = try row.id("scope")
        runName = try row.string("name")
        since = try row.timestamp("created_at")
        flagged = FlaggedOutput(
            output: try row.id("id"), versionNumber: try row.int("number"), model: try row.string("model"),
            input: try row.json("input"), expected: Self.json(try row.optionalString("expected")),
            text: try row.optionalString("text") ?? "", flags: [raised])
    }

    private static func json(_ text: String?) -> JSONValue? { text.flatMap { try? JSONValue(parsing: $0) } }
}
