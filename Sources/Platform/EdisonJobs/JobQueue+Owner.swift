import EdisonCore
import EdisonSQL

/// The jobs of one owner together: a run that begins, waits for its own, and ends.
extension JobQueue {
    /// Sees to it that an owner is there until the caller's transaction ends, so that a job can refer to it.
    ///
    /// A new one comes after all that wait, as if it had just been served: whoever lets itself be removed and comes back,
    /// or comes under ever new names, does not get ahead of those that stay.
    func admit(_ owner: String, _ db: any DatabaseConnection) throws {
        for _ in 0..<10 {
            let known = try db.fetchOne(
                "SELECT name FROM job_owner WHERE name = \(owner)\(db.dialect.lockReferenced)")
            if known != nil { return }
            let added = try db.execute(
                """
                INSERT INTO job_owner (name, turn)
                VALUES (\(owner), (SELECT COALESCE(MAX(latest.turn), 0) + 1 FROM job_owner latest))
                ON CONFLICT (name) DO NOTHING
                """)
            if added > 0 { return }
        }
        throw EdisonError(.conflict, "The owner \(owner) of jobs is removed as often as it is added. Try again.")
    }

    /// Which of these jobs are not done yet.
    package func open(among jobs: [Job.ID]) async throws -> Set<Job.ID> {
        var open: Set<Job.ID> = []
        // A statement takes some thousands of values, and no more.
        for start in stride(from: 0, to: jobs.count, by: 1_000) {
            let some = Array(jobs[start..<min(start + 1_000, jobs.count)])
            open.formUnion(
                try await database.read { db in
                    let rows = try db.fetch(
                        "SELECT id FROM job WHERE status IN ('pending', 'active') AND id IN (\(list: some))")
                    return try rows.map { try $0.id("id", Job.self) }
                })
        }
        return open
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
            // First, so that whoever is about to queue a job has either done so or finds the owner gone.
            _ = try db.fetch("SELECT name FROM job_owner WHERE name = \(owner)\(db.dialect.lockRows)")
            try db.execute("DELETE FROM job WHERE owner = \(owner) AND status NOT IN ('pending', 'active')")
            try removeIdle([owner], db)
        }
    }

    /// Deletes those of these owners that have no jobs. Their rows are locked: a statement sees what was committed
    /// before it began, so only one that begins after the lock is granted sees each job that refers to them.
    private func removeIdle(_ owners: [String], _ db: any DatabaseConnection) throws {
        for owner in owners {
            try db.execute(
                "DELETE FROM job_owner WHERE name = \(owner) AND NOT EXISTS (SELECT 1 FROM job WHERE owner = \(owner))")
        }
    }

    /// Deletes the owners without jobs: each would be looked at in every claim, for ever.
    func removeIdleOwners(_ db: any DatabaseConnection) throws {
        let idle = try db.fetch(
            """
            SELECT name FROM job_owner WHERE name NOT IN (SELECT owner FROM job)
            ORDER BY name\(db.dialect.skipLocked)
            """)
        try removeIdle(idle.map { try $0.string("name") }, db)
    }
}
