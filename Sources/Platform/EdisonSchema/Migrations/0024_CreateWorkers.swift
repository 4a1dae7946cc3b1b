import EdisonSQL

extension Schema {
    static let createWorkers = Migration(
        24, "CreateWorkers",
        [
            // Who takes jobs, for whoever wants to know; that a worker lives is told by its lock alone.
            """
            CREATE TABLE worker (
                name TEXT NOT NULL PRIMARY KEY, host TEXT NOT NULL, process INTEGER NOT NULL, kinds TEXT NOT NULL,
                concurrency INTEGER NOT NULL, started_at INTEGER NOT NULL, seen_at INTEGER NOT NULL) STRICT
            """,
            // Where a job is shown. Not what it waits its turn by: that is its owner.
            "ALTER TABLE job ADD COLUMN project_id TEXT",
            "CREATE INDEX job_of_project ON job (project_id, id) WHERE project_id IS NOT NULL",
        ])
}
