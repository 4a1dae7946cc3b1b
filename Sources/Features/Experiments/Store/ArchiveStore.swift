import EdisonCore
import EdisonSQL

/// The rows of an experiment, table by table, for an archive and from one.
struct ArchiveStore: Sendable {
    /// A table with what of it belongs to an experiment.
    struct Table: Sendable {
        let name: String
        fileprivate let fragment: SQLFragment
        fileprivate let rows: @Sendable (Scope) -> SQL
        /// Columns that are taken from an archive.
        let columns: Set<String>
        /// Of these, those that hold JSON.
        let documents: Set<String>
        /// Of these, those that name a row of another table: one of the same archive, since all others are somebody
        /// else's.
        let references: [String: String]
    }

    /// What the rows of an experiment are found by.
    struct Scope: Sendable {
        let experiment: String
        let prompt: String
        let dataset: String
    }

    func scope(of id: Experiment.ID, in db: any DatabaseConnection) throws -> Scope? {
        try db.fetchOne("SELECT prompt_id, dataset_id FROM experiment WHERE id = \(id)").map {
            Scope(experiment: id.text, prompt: try $0.string("prompt_id"), dataset: try $0.string("dataset_id"))
        }
    }

    func images(of table: Table, _ scope: Scope, in db: any DatabaseConnection) throws -> [RowImage] {
        try db.fetch(table.rows(scope)).map(RowImage.init)
    }

    func insert(_ image: RowImage, into table: Table, in db: any DatabaseConnection) throws {
        try db.execute(try image.insertion(into: table.fragment, columns: table.columns))
    }

    /// In the order in which rows may refer to each other.
    static let tables: [Table] = [
        Table(
            name: "prompt", fragment: SQLFragment("prompt"),
            rows: { "SELECT * FROM prompt WHERE id = \($0.prompt)" },
            columns: ["id", "project_id", "name", "created_at"], documents: [],
            references: [:]),
        Table(
            name: "prompt_version", fragment: SQLFragment("prompt_version"),
            rows: { "SELECT * FROM prompt_version WHERE prompt_id = \($0.prompt) ORDER BY number" },
            columns: [
                "id", "prompt_id", "number", "parent_id", "version_hash", "content", "message", "created_at",
            ], documents: ["content"],
            references: ["prompt_id": "prompt", "parent_id": "prompt_version"]),
        Table(
            name: "dataset", fragment: SQLFragment("dataset"),
            rows: { "SELECT * FROM dataset WHERE id = \($0.dataset)" },
            columns: ["id", "project_id", "name", "created_at"], documents: [],
            references: [:]),
        Table(
            name: "test_case", fragment: SQLFragment("test_case"),
            rows: { "SELECT * FROM test_case WHERE dataset_id = \($0.dataset) ORDER BY position" },
            columns: [
                "id", "dataset_id", "position", "kind", "input", "expected", "tags", "difficulty", "language",
                "cluster", "checks", "occurrence", "content_hash", "confirmed",
            ], documents: ["input", "expected", "tags", "checks"],
            references: ["dataset_id": "dataset"]),
        Table(
            name: "experiment", fragment: SQLFragment("experiment"),
            rows: { "SELECT * FROM experiment WHERE id = \($0.experiment)" },
            columns: [
                "id", "project_id", "kind", "identity", "name", "goal", "definition", "status", "stop_reason", "seed",
                "prompt_id", "dataset_id", "result", "created_at", "finished_at", "outcome",
            ], documents: ["definition", "result", "outcome"],
            references: ["prompt_id": "prompt", "dataset_id": "dataset"]),
        Table(
            name: "iteration", fragment: SQLFragment("iteration"),
            rows: { "SELECT * FROM iteration WHERE experiment_id = \($0.experiment) ORDER BY number" },
            columns: [
                "id", "experiment_id", "number", "status", "version_id", "case_ids", "metrics", "summary", "refused",
                "cost_nano", "started_at", "finished_at",
            ], documents: ["case_ids", "metrics", "summary", "refused"],
            references: ["experiment_id": "experiment", "version_id": "prompt_version"]),
        Table(
            name: "suggestion", fragment: SQLFragment("suggestion"),
            rows: { "SELECT * FROM suggestion WHERE experiment_id = \($0.experiment) ORDER BY created_at" },
            columns: ["version_id", "parent_id", "experiment_id", "iteration", "evidence", "created_at"],
            documents: ["evidence"],
            references: ["version_id": "prompt_version", "parent_id": "prompt_version", "experiment_id": "experiment"]),
        Table(
            name: "review", fragment: SQLFragment("review"),
            rows: { "SELECT * FROM review WHERE experiment_id = \($0.experiment) ORDER BY id" },
            columns: ["id", "experiment_id", "version_id", "decision", "note", "edited", "created_at"],
            documents: ["edited"],
            references: ["experiment_id": "experiment", "version_id": "prompt_version"]),
        Table(
            name: "output", fragment: SQLFragment("output"),
            rows: { "SELECT * FROM output WHERE scope = \($0.experiment) ORDER BY id" },
            columns: [
                "id", "scope", "version_id", "case_id", "model", "replicate", "text", "error", "cached",
                "input_tokens", "output_tokens", "cost_nano", "latency_us", "created_at",
            ], documents: [],
            references: ["scope": "experiment", "version_id": "prompt_version", "case_id": "test_case"]),
        Table(
            name: "judgment", fragment: SQLFragment("judgment"),
            rows: { "SELECT * FROM judgment WHERE scope = \($0.experiment) ORDER BY id" },
            columns: [
                "id", "scope", "output_id", "other_output_id", "judge", "mode", "slot_order", "scores", "rationales",
                "winner", "flags", "suggestions", "reasoning", "valid", "invalid_reason", "cost_nano", "created_at",
                "flagged",
            ], documents: ["scores", "rationales", "flags", "suggestions"],
            references: ["scope": "experiment", "output_id": "output", "other_output_id": "output"]),
    ]
}
