import EdisonSQL

extension Schema {
    static let createExperimentSources = Migration(
        23, "CreateExperimentSources",
        [
            // What an experiment of the server was made from: an experiment file with the ids of credentials in the
            // place of addresses and keys.
            """
            CREATE TABLE experiment_source (
                experiment_id TEXT NOT NULL PRIMARY KEY REFERENCES experiment (id) ON DELETE CASCADE,
                document TEXT NOT NULL, prompt_id TEXT REFERENCES prompt (id),
                wish TEXT CHECK (wish IN ('pause', 'cancel')), job_id TEXT, created_by TEXT,
                updated_at INTEGER NOT NULL) STRICT
            """,
            "ALTER TABLE iteration ADD COLUMN id TEXT",
            "UPDATE iteration SET id = experiment_id || '-' || number",
            "CREATE UNIQUE INDEX iteration_id ON iteration (id)",
        ])
}
