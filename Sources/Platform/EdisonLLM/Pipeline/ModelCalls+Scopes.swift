package import EdisonCore
import EdisonSQL

/// Budgets and totals of a scope: a run, today.
extension ModelCalls {
    /// The scope's budget with these limits; raised limits take effect at once.
    ///
    /// - Parameter onlyLowering: limits that it has and that are lower stay.
    package func budget(
        scope: String, limit: Money?, tokens: Int?, calls: Int?, onlyLowering: Bool = false
    ) async throws -> Budget.ID {
        try await ledger.budget(scope: scope, limit: limit, tokens: tokens, calls: calls, onlyLowering: onlyLowering)
    }

    /// The budget of a scope as it stands; nil when it has none.
    package func budget(scope: String) async throws -> Budget.ID? {
        try await ledger.database.read { db in
            try db.fetchOne("SELECT id FROM budget WHERE scope = \(scope)").map { try $0.id("id") }
        }
    }

    /// The share of failures among a scope's last calls; nil while there are fewer than that.
    ///
    /// - Parameter until: what ended later does not count; nil = now.
    package func failedShare(scope: String, last window: Int, until: Timestamp? = nil) async throws -> Double? {
        try await ledger.failedShare(scope: scope, last: window, until: until ?? .latest)
    }

    /// Lets calls that failed be made again, under the same keys.
    ///
    /// Those that stand stay as they are.
    package func forgetFailures(scope: String) async throws { try await ledger.forgetFailures(scope: scope) }

    /// The run goes on without the answers that calls of this purpose have not brought so far: made again, they bring
    /// the same failure, so that a run that is done again decides as it did.
    package func letFailuresStand(scope: String, purpose: CallPurpose) async throws {
        try await ledger.letFailuresStand(scope: scope, purpose: purpose)
    }

    /// - Parameter until: what ended later does not count; nil = now.
    package func totals(scope: String, until: Timestamp? = nil) async throws -> LedgerTotals {
        try await ledger.totals(scope: scope, until: until ?? .latest)
    }

    /// Attempts whose outcome nobody knows.
    package func lostAttempts() async throws -> Set<String> {
        try await ledger.database.read { db in
            Set(try db.fetch("SELECT id FROM model_attempt WHERE status = 'lost'").map { try $0.string("id") })
        }
    }

    /// Gives up attempts of processes that have died, of all scopes for nil; returns how many.
    @discardableResult
    package func recover(scope: String?) async throws -> Int {
        try await recoverAttempts(scope: scope)
    }

    /// Takes from the ledger which models have answered in a scope: a run that goes on while one of them is down waits
    /// for it as long as the process before would have.
    package func recallAnswers(scope: String) async throws {
        traffic.know(try await ledger.answeredModels(scope: scope))
    }

    /// Of all scopes, for nil.
    @discardableResult
    func recoverAttempts(scope: String?) async throws -> Int {
        try await ledger.recover(scope: scope, from: life.dead(among: ledger.openProcesses(scope: scope)))
    }
}

extension CallLedger {
    func answeredModels(scope: String) async throws -> [TrafficControl.KnownModel] {
        try await database.read { db in
            try db.fetch(
                """
                SELECT DISTINCT credential, model FROM model_call
                WHERE scope = \(scope) AND status = 'answered' AND cached = 0
                """
            ).map { .init(credential: try $0.string("credential"), model: try $0.string("model")) }
        }
    }

    func budget(
        scope: String, limit: Money?, tokens: Int?, calls: Int?, onlyLowering: Bool
    ) async throws -> Budget.ID {
        let fresh: Budget.ID = IDSource.random.next()
        // NULL is no limit, so that the other one is the lower.
        @Sendable func chosen(_ column: SQL) -> SQL {
            onlyLowering
                ? """
                CASE WHEN budget.\(column) <= excluded.\(column) OR excluded.\(column) IS NULL
                    THEN budget.\(column) ELSE excluded.\(column) END
                """ : "excluded.\(column)"
        }
        return try await database.write { db in
            try db.execute(
                """
                INSERT INTO budget (id, scope, limit_nano, limit_tokens, limit_calls, created_at)
                VALUES (\(fresh), \(scope), \(limit), \(tokens), \(calls), \(Timestamp.now))
                ON CONFLICT (scope) DO UPDATE SET
                    limit_nano = \(chosen("limit_nano")), limit_tokens = \(chosen("limit_tokens")),
                    limit_calls = \(chosen("limit_calls"))
                """)
            guard let row = try db.fetchOne("SELECT id FROM budget WHERE scope = \(scope)") else { return fresh }
            return try row.id("id")
        }
    }

    func failedShare(scope: String, last window: Int, until: Timestamp) async throws -> Double? {
        try await database.read { db in
            let rows = try db.fetch(
                """
                SELECT status FROM model_call WHERE scope = \(scope) AND cached = 0 AND status <> 'open'
                    AND finished_at <= \(until)
                ORDER BY finished_at DESC, id DESC LIMIT \(window)
                """)
            guard rows.count >= window else { return nil }
            return Double(try rows.count { try $0.string("status") == "failed" }) / Double(window)
        }
    }

    func letFailuresStand(scope: String, purpose: CallPurpose) async throws {
        try await database.write { db in
            try db.execute(
                """
                UPDATE model_call SET stands = 1
                WHERE scope = \(scope) AND purpose = \(purpose.name) AND status = 'failed' AND stands = 0
                """)
        }
    }

    func forgetFailures(scope: String) async throws {
        try await database.write { db in
            try db.execute(
                """
                UPDATE model_call SET status = 'open', failure = NULL
                WHERE scope = \(scope) AND status = 'failed' AND stands = 0
                """)
        }
    }

    func totals(scope: String, until: Timestamp) async throws -> LedgerTotals {
        try await database.read { db in
            var totals = LedgerTotals()
            // What an unanswered call has cost counts, though the call itself does not.
            for row in try db.fetch(
                """
                SELECT purpose, SUM(CASE WHEN attempts > 0 AND status <> 'open' THEN 1 ELSE 0 END) AS calls,
                       SUM(input_tokens) AS input, SUM(output_tokens) AS output, COALESCE(SUM(cost_nano), 0) AS cost
                FROM model_call WHERE scope = \(scope) AND attempts > 0 AND created_at <= \(until)
                GROUP BY purpose ORDER BY purpose
                """)
            {
                let purpose = try row.string("purpose")
                totals.calls.append((purpose, try row.int("calls")))
                totals.costs.append((purpose, try row.money("cost")))
                totals.inputTokens += try row.int("input")
                totals.outputTokens += try row.int("output")
            }
            totals.cached =
                try db.fetchOne("SELECT COUNT(*) AS n FROM model_call WHERE scope = \(scope) AND cached = 1")?
                .int("n") ?? 0
            totals.unknownPrices = try db.fetch(
                """
                SELECT DISTINCT provider, model FROM model_call WHERE scope = \(scope) AND price_known = 0
                ORDER BY provider, model
                """
            ).map { "\(try $0.string("provider"))/\(try $0.string("model"))" }
            totals.budget = try db.fetchOne("SELECT * FROM budget WHERE scope = \(scope)").map(Budget.init)
            let known = totals.costs.reduce(Money.zero) { $0 + $1.cost }
            totals.cost = totals.unknownPrices.isEmpty ? known : nil
            totals.unconfirmed =
                try db.fetchOne(
                    """
                    SELECT COALESCE(SUM(a.reserved_nano), 0) AS held
                    FROM model_attempt a JOIN model_call c ON c.id = a.call_id
                    WHERE c.scope = \(scope) AND a.status = 'lost' AND a.sent_at <= \(until)
                    """)?.money("held") ?? .zero
            return totals
        }
    }
}

extension Timestamp {
    /// After everything that has happened.
    fileprivate static var latest: Timestamp { Timestamp(microseconds: .max) }
}
