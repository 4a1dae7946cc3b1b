import EdisonSQL

extension Schema {
    static let createProduction = Migration(
        10, "CreateProduction",
        [
            // By name: each run keeps a line of versions of its own, and a prompt is what they have in common.
            """
            CREATE TABLE production (
                project_id TEXT NOT NULL REFERENCES project (id), prompt_name TEXT NOT NULL,
                version_id TEXT NOT NULL REFERENCES prompt_version (id), marked_at INTEGER NOT NULL,
                PRIMARY KEY (project_id, prompt_name)) STRICT
            """,
            "CREATE INDEX production_version ON production (version_id)",
        ])
}
