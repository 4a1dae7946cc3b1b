import EdisonCore
import EdisonSQL

/// The jobs of one owner together: a run that begins, waits for its own, and ends.
extension JobQueue {
    /// Which of these jobs are not done yet.
    package func open(among jobs: [Job.ID]) async throws -> Set<Job.ID> {
        if jobs.isEmpty { return [] }
        return try await database.read { db in
            let rows = try db.fetch(
                "SELECT id FROM job WHERE status IN ('pending', 'active') AND id IN (\(list: jobs))")
            return Set(try rows.map { try $0.id("id", Job.self) })
        }
    }

    /// Cancels what waits, and takes back what workers that went silent held; returns how many jobs others still run.
    package func cancelWaiting(of owner: String) async throws -> Int {
        try await expireLeasesOfTheDead()
        return try await database.write { db in
            let now = try time.now(db)
            try takeOver(now, db)
            try db.execute(
                """
                UPDATE job SET status = 'cancelled', cancel_requested = 1, finished_at = \(now)
                WHERE owner = \(owner) AND status = 'pending'
                """)
            let row = try db.fetchOne(
                "SELECT COUNT(*) AS n FROM job WHERE owner = \(owner) AND status = 'active'")
            return try row?.int("n") ?? 0
        }
    }

    /// Deletes what an owner's jobs have left, when nobody will ask for them any more.
    package func remove(of owner: String) async throws {
        try await database.write { db in
            try db.execute("DELETE FROM job WHERE owner = \(owner) AND status NOT IN ('pending', 'active')")
            try db.execute(
                """
                DELETE FROM job_owner WHERE name = \(owner)
                    AND NOT EXISTS (SELECT 1 FROM job WHERE job.owner = job_owner.name)
                """)
        }
    }
}
