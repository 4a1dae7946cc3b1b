import EdisonSQL

extension Schema {
    static let createLabels = Migration(
        12, "CreateLabels",
        [
            // Which outputs were given to people, and how they came to be picked.
            """
            CREATE TABLE label_pick (
                experiment_id TEXT NOT NULL REFERENCES experiment (id), output_id TEXT NOT NULL REFERENCES output (id),
                reason TEXT NOT NULL CHECK (reason IN ('random', 'disagreement')),
                probability REAL NOT NULL CHECK (probability > 0 AND probability <= 1), created_at INTEGER NOT NULL,
                PRIMARY KEY (experiment_id, output_id)) STRICT
            """,
            """
            CREATE TABLE label (
                experiment_id TEXT NOT NULL REFERENCES experiment (id), output_id TEXT NOT NULL REFERENCES output (id),
                author TEXT NOT NULL, scores TEXT NOT NULL, created_at INTEGER NOT NULL,
                PRIMARY KEY (experiment_id, output_id, author)) STRICT
            """,
        ])
}
