import EdisonSQL

extension Schema {
    static let createJobs = Migration(
        7, "CreateJobs",
        [
            // Whose turn it is: the owner that was served longest ago comes first.
            "CREATE TABLE job_owner (name TEXT NOT NULL PRIMARY KEY, turn INTEGER NOT NULL) STRICT",
            """
            CREATE TABLE job (
                id TEXT NOT NULL PRIMARY KEY, kind TEXT NOT NULL, owner TEXT NOT NULL REFERENCES job_owner (name),
                payload TEXT,
                status TEXT NOT NULL CHECK (status IN ('pending', 'active', 'completed', 'failed', 'cancelled')),
                priority INTEGER NOT NULL, attempts INTEGER NOT NULL, max_attempts INTEGER NOT NULL CHECK (max_attempts > 0),
                idempotency_key TEXT, progress TEXT, last_error TEXT, cancel_requested INTEGER NOT NULL DEFAULT 0,
                fence INTEGER NOT NULL DEFAULT 0, worker TEXT, lease_until INTEGER, scheduled_at INTEGER NOT NULL,
                created_at INTEGER NOT NULL, started_at INTEGER, finished_at INTEGER,
                CHECK ((status = 'active') = (lease_until IS NOT NULL))) STRICT
            """,
            """
            CREATE UNIQUE INDEX job_idempotency ON job (owner, kind, idempotency_key)
            WHERE idempotency_key IS NOT NULL
            """,
            "CREATE INDEX job_next ON job (status, owner, priority DESC, scheduled_at, id)",
            "CREATE INDEX job_lease ON job (lease_until) WHERE status = 'active'",
            "CREATE INDEX job_finished ON job (finished_at) WHERE finished_at IS NOT NULL",
            """
            CREATE TABLE job_schedule (
                name TEXT NOT NULL PRIMARY KEY, recurrence TEXT NOT NULL, due_at INTEGER NOT NULL) STRICT
            """,
        ])
}
