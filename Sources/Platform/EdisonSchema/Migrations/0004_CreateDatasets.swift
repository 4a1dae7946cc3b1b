import EdisonSQL

extension Schema {
    static let createDatasets = Migration(
        4, "CreateDatasets",
        [
            """
            CREATE TABLE dataset (
                id TEXT NOT NULL PRIMARY KEY, project_id TEXT NOT NULL REFERENCES project (id), name TEXT NOT NULL,
                created_at INTEGER NOT NULL) STRICT
            """,
            """
            CREATE TABLE test_case (
                id TEXT NOT NULL PRIMARY KEY, dataset_id TEXT NOT NULL REFERENCES dataset (id),
                position INTEGER NOT NULL, kind TEXT NOT NULL CHECK (kind IN ('golden', 'synthetic', 'adversarial')),
                input TEXT NOT NULL, expected TEXT, tags TEXT NOT NULL,
                difficulty INTEGER NOT NULL CHECK (difficulty BETWEEN 1 AND 5), language TEXT, cluster TEXT,
                checks TEXT NOT NULL, occurrence INTEGER NOT NULL, content_hash TEXT NOT NULL,
                UNIQUE (dataset_id, position)) STRICT
            """,
        ])
}
