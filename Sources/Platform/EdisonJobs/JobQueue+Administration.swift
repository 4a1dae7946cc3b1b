package import EdisonCore
import EdisonSQL

/// What whoever runs the installation sees of the queue.
extension JobQueue {
    /// Newest first.
    package func jobs(_ filter: JobFilter, _ page: PageRequest) async throws -> Listing<Job> {
        let conditions: [SQL?] = [
            filter.status.map { "status = \($0.rawValue)" }, filter.kind.map { "kind = \($0.name)" },
            filter.owner.map { "owner = \($0)" }, filter.project.map { "project_id = \($0)" },
            page.after.map { "id < \($0.text)" },
        ]
        let condition = conditions.compactMap(\.self).reduce("" as SQL) { "\($0) AND \($1)" }
        let found = try await database.read { db in
            try db.fetch("SELECT * FROM job WHERE 1 = 1\(condition) ORDER BY id DESC LIMIT \(page.limit + 1)")
                .map { try Job($0) }
        }
        return Listing(found, page) { Cursor($0.id.text) }
    }

    /// How many jobs each kind and owner has, and since when the first one waits.
    package func queues(_ page: PageRequest) async throws -> Listing<QueueState> {
        // A kind has no space in it.
        let after = page.after?.text.split(separator: " ", maxSplits: 1).map(String.init)
        let afterLast: SQL =
            after.map { "AND (kind > \($0[0]) OR (kind = \($0[0]) AND owner > \($0.count > 1 ? $0[1] : "")))" } ?? ""
        let found = try await database.read { db in
            try states(
                columns: SQLFragment("kind, owner"), having: "\(afterLast)",
                end: "ORDER BY kind, owner LIMIT \(page.limit + 1)", db)
        }
        return Listing(found, page) { Cursor("\($0.kind) \($0.owner)") }
    }

    /// The same for each kind, of all owners together: for metrics.
    package func kinds() async throws -> [QueueState] {
        try await database.read { db in
            try states(columns: SQLFragment("kind"), having: "", end: "ORDER BY kind", db)
        }
    }

    private func states(
        columns: SQLFragment, having condition: SQL, end: SQL, _ db: any DatabaseConnection
    ) throws -> [QueueState] {
        let now = try time.now(db)
        let rows = try db.fetch(
            """
            SELECT \(columns),
                SUM(CASE WHEN status = 'pending' THEN 1 ELSE 0 END) AS pending,
                SUM(CASE WHEN status = 'active' THEN 1 ELSE 0 END) AS active,
                SUM(CASE WHEN status = 'completed' THEN 1 ELSE 0 END) AS completed,
                SUM(CASE WHEN status = 'failed' THEN 1 ELSE 0 END) AS failed,
                SUM(CASE WHEN status = 'cancelled' THEN 1 ELSE 0 END) AS cancelled,
                MIN(CASE WHEN status = 'pending' AND scheduled_at <= \(now) THEN scheduled_at END) AS waiting_since
            FROM job WHERE 1 = 1 \(condition) GROUP BY \(columns) \(end)
            """)
        return try rows.map { row in
            QueueState(
                kind: JobKind(try row.string("kind")), owner: (try? row.string("owner")) ?? "",
                counts: try Dictionary(
                    uniqueKeysWithValues: JobStatus.allCases.map { ($0, try row.int($0.rawValue)) }),
                waitingSince: try row.optionalTimestamp("waiting_since"), now: now)
        }
    }
}
