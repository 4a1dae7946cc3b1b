import EdisonCore
import EdisonDatasets
import EdisonEvaluation
import EdisonEvents
import EdisonPrompts
import EdisonSQL

/// The stored runs of a project as a person looks through them: listed, shown, put away and removed.
struct RunStore: Sendable {
    let database: Database
    let project: String

    /// Newest first.
    func runs() async throws -> [StoredRun] {
        try await database.read { db in
            try db.fetch(
                """
                SELECT e.id, e.kind, e.identity, e.name, e.status, e.stop_reason, e.seed, e.created_at, e.finished_at,
                       e.file, e.outcome, v.number AS production,
                       (SELECT COUNT(*) FROM iteration i WHERE i.experiment_id = e.id) AS iterations
                FROM experiment e
                LEFT JOIN production p ON p.project_id = e.project_id AND p.prompt_name = e.name
                LEFT JOIN prompt_version v ON v.id = p.version_id AND v.prompt_id = e.prompt_id
                WHERE e.project_id = \(project) ORDER BY e.created_at DESC, e.id DESC
                """
            ).map(StoredRun.init(row:))
        }
    }

    /// nil before the run's first end.
    func result(of run: Experiment.ID) async throws -> RunResult? {
        try await database.read { db in
            let stored = try db.fetchOne("SELECT result FROM experiment WHERE id = \(run)")?.json("result").object
            return try stored.map { json in
                ReviewedFlags(RunResult(json: json), reviews: try FlagStore().reviews(run: run, in: db)).result
            }
        }
    }

    /// What the run does, and on which cases.
    func definition(of run: Experiment.ID) async throws -> (json: JSONValue, cases: [TestCase]) {
        try await database.read { db in
            guard let row = try db.fetchOne("SELECT definition, dataset_id FROM experiment WHERE id = \(run)") else {
                throw EdisonError(.notFound, "The run is gone.")
            }
            return (try row.json("definition"), try DatasetStore().cases(of: try row.string("dataset_id"), in: db))
        }
    }

    func prompt(of run: Experiment.ID) async throws -> Prompt.ID {
        try await database.read { db in
            guard let row = try db.fetchOne("SELECT prompt_id FROM experiment WHERE id = \(run)") else {
                throw EdisonError(.notFound, "The run is gone.")
            }
            return try row.id("prompt_id")
        }
    }

    /// Hides the run; why and when it ended stays.
    func archive(_ run: Experiment.ID, events: EventLog) async throws {
        try await database.write { db in
            let row = try db.fetchOne("SELECT status FROM experiment WHERE id = \(run)\(db.dialect.lockRows)")
            let before = try row.flatMap { ExperimentStatus(rawValue: try $0.string("status")) } ?? .draft
            let status = try before.advanced(to: .archived)
            try db.execute("UPDATE experiment SET status = \(status.rawValue) WHERE id = \(run)")
            try events.record("experiment:archived", in: ExperimentStore.stream(of: run), db)
        }
    }

    /// The version takes the place of the one that was production for this name.
    func markProduction(_ version: String, of name: String) async throws {
        try await database.write { db in
            try db.execute(
                """
                INSERT INTO production (project_id, prompt_name, version_id, marked_at)
                VALUES (\(project), \(name), \(version), \(Timestamp.now))
                ON CONFLICT (project_id, prompt_name) DO UPDATE SET
                    version_id = excluded.version_id, marked_at = excluded.marked_at
                """)
        }
    }

    /// Removes the run and everything that only it has, in one transaction.
    ///
    /// - Parameter calls: removes the run's calls, and says how many there were.
    func delete(
        _ run: Experiment.ID, calls: @escaping @Sendable (any DatabaseConnection) throws -> Int
    ) async throws -> DeletedRun {
        let scope = run.text
        return try await database.write { db in
            guard let row = try db.fetchOne("SELECT prompt_id, dataset_id FROM experiment WHERE id = \(run)") else {
                throw EdisonError(.notFound, "The run is gone.")
            }
            let prompt: Prompt.ID = try row.id("prompt_id")
            try db.execute("DELETE FROM label WHERE experiment_id = \(run)")
            try db.execute("DELETE FROM label_pick WHERE experiment_id = \(run)")
            try FlagStore().delete(run: run, in: db)
            try ReviewStore().delete(run: run, in: db)
            try SafetyScanStore().delete(scope: scope, in: db)
            let judgments = try EvaluationStore().deleteJudgments(scope: scope, in: db)
            let outputs = try EvaluationStore().deleteOutputs(scope: scope, in: db)
            try db.execute("DELETE FROM holdout_use WHERE experiment_id = \(run)")
            try db.execute("DELETE FROM holdout_test WHERE experiment_id = \(run)")
            try db.execute("DELETE FROM search_decision WHERE experiment_id = \(run)")
            try db.execute("DELETE FROM iteration WHERE experiment_id = \(run)")
            try db.execute("DELETE FROM experiment WHERE id = \(run)")
            try db.execute(
                """
                DELETE FROM production
                WHERE version_id IN (SELECT id FROM prompt_version WHERE prompt_id = \(prompt))
                """)
            try PromptStore().delete(prompt, in: db)
            try DatasetStore().delete(dataset: try row.string("dataset_id"), in: db)
            let calls = try calls(db)
            try EventLog.delete(ExperimentStore.stream(of: run), in: db)
            return DeletedRun(outputs: outputs, judgments: judgments, calls: calls)
        }
    }
}

extension StoredRun {
    init(row: Row) throws {
        let outcome = try row.json("outcome")
        self.init(
            experiment: try Experiment(row: row), file: try row.optionalString("file"),
            finishedAt: try row.optionalTimestamp("finished_at"), iterations: try row.int("iterations"),
            outcome: outcome.isNull ? nil : RunSummary(stored: outcome), production: try row.optionalInt("production"))
    }
}
