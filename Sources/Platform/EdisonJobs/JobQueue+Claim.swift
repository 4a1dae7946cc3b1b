import EdisonCore
import EdisonSQL

extension JobQueue {
    /// Takes the next job of one of these kinds for a worker, or nil when nothing is due.
    ///
    /// The owner that was served longest ago comes first, so a flood of one owner delays another's next job only by
    /// the claims that are under way. No two workers get the same job: PostgreSQL skips locked rows, and SQLite has
    /// one writer.
    ///
    /// - Parameter owner: takes jobs of this one alone; nil = of all.
    package func claim(_ kinds: [JobKind], of owner: String? = nil, by worker: String) async throws -> Job? {
        try await database.write { db in
            let now = try time.now(db)
            try takeOver(now, db)
            if let owner { return try claim(kinds, of: owner, by: worker, now, db) }
            // The first few are nearly always enough: only when many workers claim at once is it asked of more.
            for most in [16, 64, Int.max] {
                let owners = try db.fetch(Self.owners(waitingFor: kinds, now, most: most))
                for row in owners {
                    let owner = try row.string("name")
                    guard try isFree(owner, atTurn: row.int("turn"), db) else { continue }
                    if let job = try claim(kinds, of: owner, by: worker, now, db) { return job }
                }
                if owners.count == most { continue }
                // Fewer owners than workers: they share one.
                for row in owners {
                    if let job = try claim(kinds, of: row.string("name"), by: worker, now, db) { return job }
                }
                return nil
            }
            return nil
        }
    }

    /// Whether no other worker takes a job of an owner just now, or has since it was read whose turn it is: several that
    /// saw the same owner first would give it as many turns at once.
    private func isFree(_ owner: String, atTurn turn: Int, _ db: any DatabaseConnection) throws -> Bool {
        try db.fetchOne(
            "SELECT name FROM job_owner WHERE name = \(owner) AND turn = \(turn)\(db.dialect.skipChanging)") != nil
    }

    /// With an order inside, so that it is one look into the index for each owner: as EXISTS or without one, PostgreSQL
    /// reads all that waits (measured with 10,000 jobs).
    static func owners(waitingFor kinds: [JobKind], _ now: Timestamp, most: Int) -> SQL {
        """
        SELECT name, turn FROM job_owner WHERE (
            SELECT id FROM job WHERE status = 'pending' AND owner = job_owner.name
                AND scheduled_at <= \(now) AND kind IN (\(list: kinds.map(\.name)))
            ORDER BY priority DESC, scheduled_at, id LIMIT 1) IS NOT NULL
        ORDER BY turn, name LIMIT \(most)
        """
    }

    static func next(_ kinds: [JobKind], of owner: String, _ now: Timestamp) -> SQL {
        """
        SELECT id FROM job
        WHERE owner = \(owner) AND status = 'pending' AND scheduled_at <= \(now)
            AND kind IN (\(list: kinds.map(\.name)))
        ORDER BY priority DESC, scheduled_at, id LIMIT 1
        """
    }

    static func silent(_ now: Timestamp) -> SQL {
        """
        SELECT id, worker, attempts, max_attempts, cancel_requested FROM job
        WHERE status = 'active' AND lease_until <= \(now) ORDER BY id
        """
    }

    static func latestTurn(of owner: String) -> SQL {
        "UPDATE job_owner SET turn = (SELECT MAX(latest.turn) + 1 FROM job_owner latest) WHERE name = \(owner)"
    }

    private func claim(
        _ kinds: [JobKind], of owner: String, by worker: String, _ now: Timestamp, _ db: any DatabaseConnection
    ) throws -> Job? {
        let next = try db.fetchOne("\(Self.next(kinds, of: owner, now))\(db.dialect.skipLocked)")
        guard let next else { return nil }
        let taken = try db.fetchOne(
            """
            UPDATE job SET status = 'active', worker = \(worker), fence = fence + 1, attempts = attempts + 1,
                lease_until = \(now.advanced(by: lease)), started_at = \(now)
            WHERE id = \(try next.string("id")) AND status = 'pending'
            RETURNING *
            """)
        guard let taken else { return nil }
        try db.execute(Self.latestTurn(of: owner))
        return try Job(taken)
    }

    /// Ends the claims whose worker has gone silent: their jobs wait again, or are dead when this was the last attempt.
    func takeOver(_ now: Timestamp, _ db: any DatabaseConnection) throws {
        let silent = try db.fetch("\(Self.silent(now))\(db.dialect.skipLocked)")
        for row in silent {
            let attempts = try row.int("attempts")
            let isCancelled = try row.bool("cancel_requested")
            let isOver = try isCancelled || attempts >= row.int("max_attempts")
            let status: JobStatus = isCancelled ? .cancelled : isOver ? .failed : .pending
            let error = "The worker \(try row.optionalString("worker") ?? "") went silent in attempt \(attempts)."
            try db.execute(
                """
                UPDATE job SET status = \(status.rawValue), lease_until = NULL, last_error = \(error),
                    finished_at = \(isOver ? now : nil)
                WHERE id = \(try row.string("id")) AND status = 'active' AND lease_until <= \(now)
                """)
        }
    }

    /// Ends the claims of workers that have died: whoever lives holds a lock by its name, which the system lets go of
    /// when the process ends.
    package func expireLeasesOfTheDead(but living: String? = nil) async throws {
        let workers = try await database.read { db in
            try db.fetch("SELECT DISTINCT worker FROM job WHERE status = 'active' ORDER BY worker")
                .compactMap { try $0.optionalString("worker") }
                .filter { $0 != living && WorkerLife.isTold($0) }
        }
        var dead: [String] = []
        for worker in workers {
            guard let claim = try await database.claim(WorkerLife.lock(of: worker)) else { continue }
            claim.release()
            dead.append(worker)
        }
        if !dead.isEmpty { try await expireLeases(of: dead) }
    }

    /// Ends the claims of workers that are known to be dead, so that nobody waits for their leases to run out.
    package func expireLeases(of workers: [String]) async throws {
        try await database.write { db in
            let now = try time.now(db)
            try db.execute(
                "UPDATE job SET lease_until = \(now) WHERE status = 'active' AND worker IN (\(list: workers))")
            db.afterCommit { [signal] in signal.wake() }
        }
    }
}
