import EdisonCore
import EdisonPrompts
import EdisonSQL

/// Every SQL statement of suggestions, with their evidence, and of people's decisions on them.
struct ReviewStore: Sendable {
    /// Keeps what a person will be asked; a suggestion that is known stays as it was shown first.
    func save(_ suggestion: Suggestion, of run: Experiment.ID, in db: any DatabaseConnection) throws {
        try db.execute(
            """
            INSERT INTO suggestion (version_id, parent_id, experiment_id, iteration, evidence, created_at)
            VALUES (\(suggestion.version), \(suggestion.parent), \(run), \(suggestion.iteration),
                    \(suggestion.evidence), \(Timestamp.now))
            ON CONFLICT (version_id) DO NOTHING
            """)
    }

    func decision(on version: PromptVersion.ID, in db: any DatabaseConnection) throws -> ReviewDecision? {
        try db.fetchOne("SELECT decision, note, edited FROM review WHERE version_id = \(version)")
            .flatMap { try ReviewDecision(row: $0) }
    }

    /// The first decision on a version stands.
    ///
    /// - Returns: whether this is the one.
    @discardableResult
    func save(
        _ decision: ReviewDecision, on version: PromptVersion.ID, of run: Experiment.ID, in db: any DatabaseConnection
    ) throws -> Bool {
        try db.execute(
            """
            INSERT INTO review (id, experiment_id, version_id, decision, note, edited, created_at)
            VALUES (\(IDSource.random.next(ReviewDecision.self)), \(run), \(version), \(decision.word),
                    \(decision.note), \(decision.editedContent?.json ?? .null), \(Timestamp.now))
            ON CONFLICT (version_id) DO NOTHING
            """) > 0
    }

    /// Whether the run still goes on, and exists.
    func isOpen(_ run: Experiment.ID, in db: any DatabaseConnection) throws -> Bool {
        let row = try db.fetchOne("SELECT status FROM experiment WHERE id = \(run)\(db.dialect.lockRows)")
        let status = try row.flatMap { ExperimentStatus(rawValue: try $0.string("status")) }
        return status.map { [.running, .paused, .failed].contains($0) } ?? false
    }

    /// The suggestions of all runs that have not ended for good; of a run that has, those that were decided.
    func suggestions(project: String, in db: any DatabaseConnection) throws -> [ReviewItem] {
        try db.fetch(
            """
            SELECT s.version_id, s.parent_id, s.experiment_id, s.iteration, s.evidence, s.created_at,
                   e.name, v.content AS after_content, p.content AS before_content,
                   r.decision, r.note, r.edited
            FROM suggestion s
            JOIN experiment e ON e.id = s.experiment_id
            JOIN prompt_version v ON v.id = s.version_id
            JOIN prompt_version p ON p.id = s.parent_id
            LEFT JOIN review r ON r.version_id = s.version_id
            WHERE e.project_id = \(project) AND e.status <> 'archived'
                AND (r.id IS NOT NULL OR e.status IN ('running', 'paused', 'failed'))
            ORDER BY s.created_at, s.version_id
            """
        ).map { row in
            let suggestion = Suggestion(
                version: try row.id("version_id"), parent: try row.id("parent_id"), iteration: try row.int("iteration"),
                before: PromptContent(json: try row.json("before_content")),
                after: PromptContent(json: try row.json("after_content")), evidence: try row.json("evidence"))
            let isDecided = try row.optionalString("decision") != nil
            return ReviewItem(
                run: try row.id("experiment_id"), runName: try row.string("name"),
                subject: .suggestion(suggestion, decision: isDecided ? try ReviewDecision(row: row) : nil),
                since: try row.timestamp("created_at"))
        }
    }

    /// How many suggestions of each run nobody has decided on; runs without any suggestion are not in it.
    func pending(project: String, in db: any DatabaseConnection) throws -> [Experiment.ID: Int] {
        let rows = try db.fetch(
            """
            SELECT s.experiment_id, COUNT(*) - COUNT(r.id) AS pending
            FROM suggestion s
            JOIN experiment e ON e.id = s.experiment_id
            LEFT JOIN review r ON r.version_id = s.version_id
            WHERE e.project_id = \(project) GROUP BY s.experiment_id
            """)
        return Dictionary(
            try rows.map { (try $0.id("experiment_id"), try $0.int("pending")) },
            uniquingKeysWith: { first, _ in first })
    }

    func delete(run: Experiment.ID, in db: any DatabaseConnection) throws {
        try db.execute("DELETE FROM review WHERE experiment_id = \(run)")
        try db.execute("DELETE FROM suggestion WHERE experiment_id = \(run)")
    }
}
