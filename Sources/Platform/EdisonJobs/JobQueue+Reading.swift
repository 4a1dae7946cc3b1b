package import EdisonCore
package import EdisonSQL

/// What pages and metrics show of the queue.
extension JobQueue {
    package func job(_ id: Job.ID) async throws -> Job? { try await database.read { db in try job(id, db) } }

    package func job(_ id: Job.ID, _ db: any DatabaseConnection) throws -> Job? {
        try db.fetchOne("SELECT * FROM job WHERE id = \(id)").map { try Job($0) }
    }

    /// The jobs of a status, the latest first; `before` continues after the last one of a page.
    package func jobs(
        _ status: JobStatus, of owner: String? = nil, before: Job.ID? = nil, limit: Int = 50
    ) async throws -> [Job] {
        let ofOwner: SQL = owner.map { "AND owner = \($0)" } ?? ""
        let beforeLast: SQL = before.map { "AND id < \($0)" } ?? ""
        return try await database.read { db in
            try db.fetch(
                """
                SELECT * FROM job WHERE status = \(status.rawValue) \(ofOwner) \(beforeLast)
                ORDER BY id DESC LIMIT \(limit)
                """
            ).map { try Job($0) }
        }
    }

    /// How many jobs there are of each kind and status.
    package func counts() async throws -> [JobKind: [JobStatus: Int]] {
        try await database.read { db in
            var counts: [JobKind: [JobStatus: Int]] = [:]
            for row in try db.fetch("SELECT kind, status, COUNT(*) AS n FROM job GROUP BY kind, status") {
                guard let status = JobStatus(rawValue: try row.string("status")) else { continue }
                counts[JobKind(try row.string("kind")), default: [:]][status] = try row.int("n")
            }
            return counts
        }
    }

    /// Deletes completed and cancelled jobs that ended before a moment, and owners that have none left; dead letters
    /// stay until a person decides.
    @discardableResult
    package func forget(before moment: Timestamp) async throws -> Int {
        try await database.write { db in
            let forgotten = try db.execute(
                "DELETE FROM job WHERE status IN ('completed', 'cancelled') AND finished_at < \(moment)")
            try removeIdleOwners(db)
            return forgotten
        }
    }
}

extension JobQueue {
    /// Whether nobody will work on a job any more.
    package func isDone(_ job: Job.ID, _ db: any DatabaseConnection) throws -> Bool {
        try db.fetchOne("SELECT 1 AS one FROM job WHERE id = \(job) AND status IN ('pending', 'active')") == nil
    }
}
