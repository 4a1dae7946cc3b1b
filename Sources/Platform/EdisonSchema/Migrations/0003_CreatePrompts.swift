import EdisonSQL

extension Schema {
    static let createPrompts = Migration(
        3, "CreatePrompts",
        [
            """
            CREATE TABLE prompt (
                id TEXT NOT NULL PRIMARY KEY, project_id TEXT NOT NULL REFERENCES project (id), name TEXT NOT NULL,
                created_at INTEGER NOT NULL) STRICT
            """,
            "CREATE INDEX prompt_project ON prompt (project_id, name)",
            """
            CREATE TABLE prompt_version (
                id TEXT NOT NULL PRIMARY KEY, prompt_id TEXT NOT NULL REFERENCES prompt (id),
                number INTEGER NOT NULL CHECK (number > 0), parent_id TEXT REFERENCES prompt_version (id),
                version_hash TEXT NOT NULL, content TEXT NOT NULL, message TEXT NOT NULL, created_at INTEGER NOT NULL,
                UNIQUE (prompt_id, number)) STRICT
            """,
            "CREATE INDEX prompt_version_hash ON prompt_version (version_hash)",
            "CREATE INDEX prompt_version_parent ON prompt_version (parent_id)",
        ])
}
