import EdisonSQL

extension Schema {
    /// Prompts and datasets that people keep, beside those that a run has for itself.
    static let addLibrary = Migration(
        22, "AddLibrary",
        [
            "ALTER TABLE prompt ADD COLUMN origin TEXT NOT NULL DEFAULT 'run' CHECK (origin IN ('run', 'library'))",
            "ALTER TABLE prompt ADD COLUMN description TEXT NOT NULL DEFAULT ''",
            "ALTER TABLE prompt ADD COLUMN published_version_id TEXT REFERENCES prompt_version (id)",
            "ALTER TABLE prompt ADD COLUMN archived_at INTEGER",
            "ALTER TABLE prompt ADD COLUMN updated_at INTEGER NOT NULL DEFAULT 0",
            "UPDATE prompt SET updated_at = created_at",
            """
            CREATE UNIQUE INDEX prompt_library ON prompt (project_id, name)
            WHERE origin = 'library' AND archived_at IS NULL
            """,
            """
            CREATE TABLE prompt_tag (
                prompt_id TEXT NOT NULL REFERENCES prompt (id) ON DELETE CASCADE, name TEXT NOT NULL,
                version_id TEXT NOT NULL REFERENCES prompt_version (id), updated_at INTEGER NOT NULL,
                PRIMARY KEY (prompt_id, name)) STRICT
            """,
            "ALTER TABLE dataset ADD COLUMN origin TEXT NOT NULL DEFAULT 'run' CHECK (origin IN ('run', 'library'))",
            """
            ALTER TABLE dataset ADD COLUMN kind TEXT NOT NULL DEFAULT 'golden'
                CHECK (kind IN ('golden', 'synthetic', 'adversarial'))
            """,
            "ALTER TABLE dataset ADD COLUMN description TEXT NOT NULL DEFAULT ''",
            "ALTER TABLE dataset ADD COLUMN archived_at INTEGER",
            "ALTER TABLE dataset ADD COLUMN updated_at INTEGER NOT NULL DEFAULT 0",
            "UPDATE dataset SET updated_at = created_at",
            "CREATE INDEX dataset_project ON dataset (project_id, origin)",
        ])
}
