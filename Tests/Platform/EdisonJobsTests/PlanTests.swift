import EdisonCore
import EdisonSQL
import EdisonTestKit
import Testing

@testable import EdisonJobs

/// What a claim asks the database, with 10,000 jobs of 1,001 owners waiting: time says little, the plan all.
@Suite("How claims are looked up", .timeLimit(.minutes(5)))
struct PlanTests {
    private static func fill(_ database: Database) async throws {
        try await database.write { db in
            try db.execute(
                """
                INSERT INTO job_owner (name, turn)
                WITH RECURSIVE numbers (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM numbers WHERE i < 1000)
                SELECT 'owner ' || i, i FROM numbers
                """)
            // Half of them of one owner.
            try db.execute(
                """
                INSERT INTO job (id, kind, owner, status, priority, attempts, max_attempts, scheduled_at, created_at)
                WITH RECURSIVE numbers (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM numbers WHERE i < 9999)
                SELECT 'job ' || i, 'test.chore', 'owner ' || CASE WHEN i % 2 = 0 THEN 1000 ELSE i % 1000 END,
                    'pending', i % 3, 0, 3, i, i FROM numbers
                """)
            try db.execute("UPDATE job SET status = 'active', lease_until = 5, worker = 'w' WHERE id = 'job 17'")
        }
    }

    private static func plan(_ sql: SQL, _ kind: TestDatabase, _ database: Database) async throws -> String {
        try await database.read { db in
            switch kind {
            case .sqlite: try db.fetch("EXPLAIN QUERY PLAN \(sql)").map { try $0.string("detail") }
            case .postgres: try db.fetch("EXPLAIN \(sql)").map { try $0.string("QUERY PLAN") }
            }
        }.joined(separator: "\n")
    }

    /// The whole table is named without an alias: SQLite scans, PostgreSQL has a sequential scan of it.
    private static func readsAllJobs(_ plan: String) -> Bool {
        plan.contains(/Seq Scan on job\b/) || plan.contains(/SCAN job(?!_)/)
    }

    @Test("each lookup of a claim goes by an index, before and after statistics", arguments: TestDatabase.allCases)
    func indexed(_ kind: TestDatabase) async throws {
        try await kind.migrated { database in
            try await Self.fill(database)
            let (kinds, now) = ([Chore.kind, Errand.kind], Timestamp(microseconds: 20_000))
            for isAnalysed in [false, true] {
                if isAnalysed {
                    try await database.write { db in
                        try db.execute("ANALYZE job")
                        try db.execute("ANALYZE job_owner")
                    }
                }
                let owners = try await Self.plan(
                    JobQueue.owners(waitingFor: kinds, now, most: 16), kind, database)
                #expect(owners.contains("job_next") && !Self.readsAllJobs(owners), "\(owners)")
                if isAnalysed || kind == .sqlite { #expect(owners.contains("job_owner_turn"), "\(owners)") }
                let next = try await Self.plan(JobQueue.next(kinds, of: "owner 1000", now), kind, database)
                #expect(next.contains("job_next") && !Self.readsAllJobs(next), "\(next)")
                // No step sorts: the first that fits is the next.
                #expect(!next.contains("Sort") && !next.contains("TEMP B-TREE"), "\(next)")
                let silent = try await Self.plan(JobQueue.silent(now), kind, database)
                #expect(silent.contains(/job_lease|job_next/) && !Self.readsAllJobs(silent), "\(silent)")
                let turn = try await Self.plan(JobQueue.latestTurn(of: "owner 7"), kind, database)
                #expect(turn.contains("job_owner_turn"), "\(turn)")
            }
        }
    }

    @Test("a plan that reads all jobs is told from one that does not")
    func tells() {
        #expect(Self.readsAllJobs("SCAN job"))
        #expect(Self.readsAllJobs("  ->  Seq Scan on job  (cost=0.00..1.00)"))
        #expect(!Self.readsAllJobs("SCAN job_owner USING COVERING INDEX job_owner_turn"))
        #expect(!Self.readsAllJobs("  ->  Seq Scan on job_owner  (cost=0.00..1.00)"))
    }
}
