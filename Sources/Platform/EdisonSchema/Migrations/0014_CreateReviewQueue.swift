import EdisonSQL

extension Schema {
    /// What waits for a person: suggestions with their evidence, and what was said of flagged outputs. `flagged` finds
    /// the few flagged rows among all.
    static let createReviewQueue = Migration(
        14, "CreateReviewQueue",
        [
            """
            CREATE TABLE suggestion (
                version_id TEXT NOT NULL PRIMARY KEY REFERENCES prompt_version (id),
                parent_id TEXT NOT NULL REFERENCES prompt_version (id),
                experiment_id TEXT NOT NULL REFERENCES experiment (id), iteration INTEGER NOT NULL CHECK (iteration > 0),
                evidence TEXT NOT NULL, created_at INTEGER NOT NULL) STRICT
            """,
            "CREATE INDEX suggestion_experiment ON suggestion (experiment_id)",
            """
            CREATE TABLE flag_review (
                output_id TEXT NOT NULL PRIMARY KEY REFERENCES output (id),
                experiment_id TEXT NOT NULL REFERENCES experiment (id),
                decision TEXT NOT NULL CHECK (decision IN ('confirmed', 'dismissed')), note TEXT NOT NULL,
                author TEXT NOT NULL, created_at INTEGER NOT NULL) STRICT
            """,
            "CREATE INDEX flag_review_experiment ON flag_review (experiment_id)",
            "ALTER TABLE judgment ADD COLUMN flagged INTEGER NOT NULL DEFAULT 0",
            "UPDATE judgment SET flagged = 1 WHERE flags LIKE '%true%'",
            "CREATE INDEX judgment_flagged ON judgment (scope) WHERE flagged = 1",
            "ALTER TABLE safety_scan ADD COLUMN flagged INTEGER NOT NULL DEFAULT 0",
            "UPDATE safety_scan SET flagged = 1 WHERE flags LIKE '%true%' AND valid = 1",
            "CREATE INDEX safety_scan_flagged ON safety_scan (scope) WHERE flagged = 1",
        ])
}
