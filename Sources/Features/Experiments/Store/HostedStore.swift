import EdisonCore
import EdisonDatasets
import EdisonPrompts
import EdisonSQL

/// Every SQL statement of experiments as the server lists, shows and starts them.
struct HostedStore: Sendable {
    private static let columns = SQLFragment(
        """
        e.*, p.organization_id, s.document, s.wish, s.job_id, s.reference, s.updated_at AS changed_at,
        COALESCE(s.started_by, s.created_by) AS payer
        """)

    func insert(
        source document: JSONObject, of experiment: Experiment.ID, prompt: String?, reference: String?,
        by user: UserID?, in db: any DatabaseConnection
    ) throws {
        try db.execute(
            """
            INSERT INTO experiment_source (experiment_id, document, prompt_id, reference, created_by, updated_at)
            VALUES (\(experiment), \(JSONValue.object(document)), \(prompt), \(reference), \(user),
                \(Timestamp.now))
            """)
    }

    func project(of id: Experiment.ID, in db: any DatabaseConnection) throws -> ProjectID? {
        try db.fetchOne("SELECT project_id FROM experiment WHERE id = \(id)")?.id("project_id")
    }

    func project(ofIteration id: String, in db: any DatabaseConnection) throws -> ProjectID? {
        try db.fetchOne(
            """
            SELECT e.project_id FROM iteration i JOIN experiment e ON e.id = i.experiment_id WHERE i.id = \(id)
            """)?.id("project_id")
    }

    func project(ofSuggestion version: String, in db: any DatabaseConnection) throws -> ProjectID? {
        try db.fetchOne(
            """
            SELECT e.project_id FROM suggestion s JOIN experiment e ON e.id = s.experiment_id
            WHERE s.version_id = \(version)
            """)?.id("project_id")
    }

    func project(ofOutput id: String, in db: any DatabaseConnection) throws -> ProjectID? {
        try db.fetchOne(
            "SELECT e.project_id FROM output o JOIN experiment e ON e.id = o.scope WHERE o.id = \(id)")?
            .id("project_id")
    }

    func experiment(
        _ id: Experiment.ID, locked: Bool = false, in db: any DatabaseConnection
    ) throws -> HostedExperiment? {
        let lock: SQL = locked ? "\(db.dialect.lockRows)" : ""
        if locked { _ = try db.fetchOne("SELECT id FROM experiment WHERE id = \(id)\(lock)") }
        return try db.fetchOne(
            """
            SELECT \(Self.columns) FROM experiment e JOIN project p ON p.id = e.project_id
            LEFT JOIN experiment_source s ON s.experiment_id = e.id WHERE e.id = \(id)
            """
        ).map(HostedExperiment.init)
    }

    func experiments(
        of project: ProjectID, status: ExperimentStatus?, reference: String?, _ page: PageRequest,
        in db: any DatabaseConnection
    ) throws -> [ListedExperiment] {
        let after: SQL = page.after.map { "AND e.id < \($0.text)" } ?? ""
        let only: SQL = status.map { "AND e.status = \($0.rawValue)" } ?? "AND e.status <> 'archived'"
        let called: SQL = reference.map { "AND s.reference = \($0)" } ?? ""
        let rows = try db.fetch(
            """
            SELECT e.id, e.project_id, e.kind, e.identity, e.name, e.status, e.stop_reason, e.seed, e.goal,
                   e.created_at, e.finished_at, e.outcome, s.reference,
                   CASE WHEN e.result IS NULL THEN 0 ELSE 1 END AS has_result
            FROM experiment e LEFT JOIN experiment_source s ON s.experiment_id = e.id
            WHERE e.project_id = \(project) \(only) \(called) \(after) ORDER BY e.id DESC LIMIT \(page.limit + 1)
            """)
        return try rows.map { row in
            var result = try ListedResult(stored: row.json("outcome"))
            // It goes on after an end, or ended under an earlier version.
            if result == nil, try row.bool("has_result") { result = try listed(try row.id("id"), in: db) }
            return ListedExperiment(
                experiment: try Experiment(row: row), project: try row.id("project_id"), goal: try row.string("goal"),
                finishedAt: try row.optionalTimestamp("finished_at"), reference: try row.optionalString("reference"),
                result: result)
        }
    }

    private func listed(_ id: Experiment.ID, in db: any DatabaseConnection) throws -> ListedResult? {
        try db.fetchOne("SELECT result FROM experiment WHERE id = \(id)")?.json("result").object
            .map { ListedResult(RunResult(json: $0)) }
    }

    func setWish(_ wish: HostedExperiment.Wish?, of id: Experiment.ID, in db: any DatabaseConnection) throws {
        try db.execute("UPDATE experiment_source SET wish = \(wish?.rawValue) WHERE experiment_id = \(id)")
    }

    func setJob(_ job: String?, of id: Experiment.ID, in db: any DatabaseConnection) throws {
        try db.execute("UPDATE experiment_source SET job_id = \(job), wish = NULL WHERE experiment_id = \(id)")
    }

    /// Whoever starts a run pays for it from then on.
    func setStarter(_ user: UserID?, of id: Experiment.ID, in db: any DatabaseConnection) throws {
        try db.execute(
            "UPDATE experiment_source SET started_by = COALESCE(\(user), started_by) WHERE experiment_id = \(id)")
    }

    func setDocument(_ document: JSONObject, of id: Experiment.ID, in db: any DatabaseConnection) throws {
        try db.execute(
            """
            UPDATE experiment_source SET document = \(JSONValue.object(document)), updated_at = \(Timestamp.now)
            WHERE experiment_id = \(id)
            """)
    }

    /// Removes a draft with everything that was made with it, so that it can be made anew under the same id.
    func removeDraft(_ id: Experiment.ID, in db: any DatabaseConnection) throws {
        guard let row = try db.fetchOne("SELECT prompt_id, dataset_id FROM experiment WHERE id = \(id)") else { return }
        try db.execute("DELETE FROM experiment_source WHERE experiment_id = \(id)")
        try db.execute("DELETE FROM experiment WHERE id = \(id)")
        try PromptStore().delete(try row.id("prompt_id"), in: db)
        try DatasetStore().delete(dataset: try row.string("dataset_id"), in: db)
    }

    func iterations(of id: Experiment.ID, in db: any DatabaseConnection) throws -> [Row] {
        try db.fetch("SELECT * FROM iteration WHERE experiment_id = \(id) ORDER BY number")
    }

    func iteration(_ id: String, in db: any DatabaseConnection) throws -> Row? {
        try db.fetchOne("SELECT * FROM iteration WHERE id = \(id)")
    }

    func run(ofSuggestion version: String, in db: any DatabaseConnection) throws -> Experiment.ID? {
        try db.fetchOne("SELECT experiment_id FROM suggestion WHERE version_id = \(version)")?.id("experiment_id")
    }

    func run(ofOutput id: String, in db: any DatabaseConnection) throws -> Experiment.ID? {
        try db.fetchOne("SELECT scope FROM output WHERE id = \(id)").map { Experiment.ID(try $0.string("scope")) }
    }
}

extension HostedExperiment {
    init(row: Row) throws {
        let document = try row.optionalString("document")
        self.init(
            experiment: try Experiment(row: row), project: try row.id("project_id"),
            organization: try row.id("organization_id"), goal: try row.string("goal"),
            prompt: try row.id("prompt_id"),
            definition: try row.json("definition"),
            document: try document.flatMap { try JSONValue(parsing: $0).object },
            result: try row.json("result").object.map { RunResult(json: $0) },
            failure: try row.optionalString("failure"),
            wish: try row.optionalString("wish").flatMap(Wish.init(rawValue:)),
            job: try row.optionalString("job_id"), reference: try row.optionalString("reference"),
            starter: try row.optionalID("payer"), finishedAt: try row.optionalTimestamp("finished_at"),
            updatedAt: try row.optionalTimestamp("changed_at") ?? row.timestamp("created_at"))
    }
}
