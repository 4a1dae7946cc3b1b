import EdisonSQL

extension Schema {
    static let createExperiments = Migration(
        5, "CreateExperiments",
        [
            """
            CREATE TABLE experiment (
                id TEXT NOT NULL PRIMARY KEY, project_id TEXT NOT NULL REFERENCES project (id),
                kind TEXT NOT NULL CHECK (kind IN ('refine', 'eval')), identity TEXT NOT NULL, name TEXT NOT NULL,
                goal TEXT NOT NULL, definition TEXT NOT NULL,
                status TEXT NOT NULL CHECK
                    (status IN ('draft', 'running', 'paused', 'completed', 'failed', 'cancelled', 'archived')),
                stop_reason TEXT, seed INTEGER NOT NULL, prompt_id TEXT NOT NULL REFERENCES prompt (id),
                dataset_id TEXT NOT NULL REFERENCES dataset (id), result TEXT, file TEXT, created_at INTEGER NOT NULL,
                finished_at INTEGER) STRICT
            """,
            "CREATE INDEX experiment_identity ON experiment (project_id, identity)",
            """
            CREATE TABLE iteration (
                experiment_id TEXT NOT NULL REFERENCES experiment (id), number INTEGER NOT NULL CHECK (number > 0),
                status TEXT NOT NULL CHECK
                    (status IN ('pending', 'executing', 'judging', 'aggregating', 'refining', 'reviewing', 'completed',
                                'failed', 'cancelled')),
                version_id TEXT NOT NULL REFERENCES prompt_version (id), case_ids TEXT, metrics TEXT,
                summary TEXT, refused TEXT,
                cost_nano INTEGER,
                started_at INTEGER NOT NULL, finished_at INTEGER, PRIMARY KEY (experiment_id, number)) STRICT
            """,
            """
            CREATE TABLE review (
                id TEXT NOT NULL PRIMARY KEY, experiment_id TEXT NOT NULL REFERENCES experiment (id),
                version_id TEXT NOT NULL UNIQUE REFERENCES prompt_version (id),
                decision TEXT NOT NULL CHECK (decision IN ('approve', 'edit', 'reject', 'request-changes')),
                note TEXT NOT NULL, edited TEXT, created_at INTEGER NOT NULL) STRICT
            """,
            """
            CREATE TABLE output (
                id TEXT NOT NULL PRIMARY KEY, scope TEXT NOT NULL, version_id TEXT NOT NULL REFERENCES prompt_version (id),
                case_id TEXT NOT NULL REFERENCES test_case (id), model TEXT NOT NULL, replicate INTEGER NOT NULL,
                text TEXT, error TEXT, cached INTEGER NOT NULL, input_tokens INTEGER NOT NULL,
                output_tokens INTEGER NOT NULL, cost_nano INTEGER, latency_us INTEGER NOT NULL,
                created_at INTEGER NOT NULL, UNIQUE (scope, version_id, case_id, model, replicate)) STRICT
            """,
            """
            CREATE TABLE judgment (
                id TEXT NOT NULL PRIMARY KEY, scope TEXT NOT NULL, output_id TEXT NOT NULL REFERENCES output (id),
                other_output_id TEXT REFERENCES output (id), judge TEXT NOT NULL,
                mode TEXT NOT NULL CHECK (mode IN ('pointwise', 'pairwise')), slot_order INTEGER NOT NULL,
                scores TEXT NOT NULL, rationales TEXT NOT NULL, winner TEXT, flags TEXT NOT NULL,
                suggestions TEXT NOT NULL, reasoning TEXT, valid INTEGER NOT NULL, invalid_reason TEXT,
                cost_nano INTEGER, created_at INTEGER NOT NULL) STRICT
            """,
            "CREATE UNIQUE INDEX judgment_pointwise ON judgment (output_id, judge) WHERE other_output_id IS NULL",
            """
            CREATE UNIQUE INDEX judgment_pairwise ON judgment (output_id, other_output_id, judge, slot_order)
            WHERE other_output_id IS NOT NULL
            """,
            "CREATE INDEX judgment_scope ON judgment (scope)",
        ])
}
