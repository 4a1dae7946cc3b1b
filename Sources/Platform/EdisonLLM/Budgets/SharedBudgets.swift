package import EdisonCore
package import EdisonSQL

/// The budgets of accounts, for whoever makes, changes and shows them, inside the caller's transaction.
package struct SharedBudgets: Sendable {
    let ledger: CallLedger

    /// What calls are an account's, beside what its name says.
    package struct Coverage: Sendable {
        package let account: BudgetAccount
        /// The projects in which it spends; of a credential none need be named.
        package let projects: [ProjectID]

        package init(account: BudgetAccount, projects: [ProjectID] = []) {
            self.account = account
            self.projects = projects
        }

        /// Of calls as `c`.
        fileprivate var condition: SQL {
            switch account {
            case .credential(let id): "c.credential = \(id)"
            case .project(let id): "c.project_id = \(id)"
            case .organization, .plan: "c.project_id IN (\(list: projects))"
            case .user(let id, _): "c.user_id = \(id) AND c.project_id IN (\(list: projects))"
            }
        }
    }

    /// Makes a budget that counts what the account has spent in the period so far, with what is under way. It tells of
    /// nothing before `set` gives it thresholds.
    ///
    /// - Throws: `conflict` when the account has one for this period already.
    package func create(
        _ coverage: Coverage, _ period: BudgetPeriod, limit: Money, in db: any DatabaseConnection
    ) throws -> SharedBudget {
        let id: Budget.ID = IDSource.random.next()
        let moment = ledger.now()
        let since = period.start(at: moment)
        try db.execute(
            """
            INSERT INTO budget (id, scope, account, period, since, limit_nano, created_at)
            VALUES (\(id), \("account:\(id)"), \(coverage.account.text), \(period.rawValue), \(since), \(limit), \(moment))
            """)
        try takeOver(coverage, for: id, since: since, db)
        if period == .total { try db.execute("DELETE FROM budget_day WHERE budget_id = \(id)") }
        return try require(id, db)
    }

    /// Attempts that are not settled yet hold the new budget too; all others are summed up by their days. Where several
    /// write at once, an attempt that begins in this very moment is counted by neither.
    private func takeOver(
        _ coverage: Coverage, for id: Budget.ID, since: Int, _ db: any DatabaseConnection
    ) throws {
        let begin = BudgetPeriod.moment(of: since)
        let open = try db.fetch(
            """
            SELECT a.id FROM model_attempt a
            WHERE a.status IN ('sent', 'lost') AND (a.status = 'sent' OR a.sent_at >= \(begin))
                AND a.call_id IN (SELECT c.id FROM model_call c WHERE \(coverage.condition))
            ORDER BY a.id\(db.dialect.lockRows)
            """
        ).map { try $0.string("id") }
        var reserved = Money.zero
        for attempt in open {
            let row = try db.fetchOne(
                """
                UPDATE model_attempt SET budgets = CASE WHEN budgets = '' THEN '' ELSE budgets || ' ' END || \(id.text)
                WHERE id = \(attempt) RETURNING status, reserved_nano
                """)
            if let row, try row.string("status") == "sent" { reserved += try row.money("reserved_nano") }
        }
        let days = try db.fetch(
            """
            SELECT a.sent_at / 86400000000 AS day, COALESCE(SUM(a.cost_nano), 0) AS spent,
                SUM(CASE WHEN a.status = 'lost' THEN a.reserved_nano ELSE 0 END) AS unconfirmed
            FROM model_call c JOIN model_attempt a ON a.call_id = c.id
            WHERE \(coverage.condition) AND a.sent_at >= \(begin) AND a.status <> 'sent' GROUP BY 1
            """)
        for row in days {
            try db.execute(
                """
                INSERT INTO budget_day (budget_id, day, spent_nano, unconfirmed_nano)
                VALUES (\(id), \(row.int("day")), \(row.money("spent")), \(row.money("unconfirmed")))
                """)
        }
        let sums = try CallLedger.sums(of: id, from: since, db)
        try db.execute(
            """
            UPDATE budget SET spent_nano = \(sums.spent), unconfirmed_nano = \(sums.unconfirmed),
                reserved_nano = \(reserved)
            WHERE id = \(id)
            """)
    }

    /// Another limit, or other thresholds: what they reach by now is told at once.
    @discardableResult
    package func set(
        limit: Money, thresholds: [Int], of id: Budget.ID, in db: any DatabaseConnection
    ) throws -> SharedBudget {
        try renew(id, db)
        try db.execute("UPDATE budget SET limit_nano = \(limit) WHERE id = \(id)")
        let budget = try require(id, db)
        var alarm = BudgetAlarm(thresholds: thresholds, told: budget.alarm.told)
        alarm.rearm(used: budget.used, limit: limit)
        try ledger.keep(alarm, of: budget, db)
        try ledger.alarm(id, db)
        return try require(id, db)
    }

    package func delete(_ id: Budget.ID, in db: any DatabaseConnection) throws {
        try db.execute("DELETE FROM budget_day WHERE budget_id = \(id)")
        try db.execute("DELETE FROM budget WHERE id = \(id) AND account IS NOT NULL")
    }

    package func id(of account: BudgetAccount, _ period: BudgetPeriod, in db: any DatabaseConnection) throws -> Budget
        .ID?
    {
        try db.fetchOne("SELECT id FROM budget WHERE account = \(account.text) AND period = \(period.rawValue)")?
            .id("id")
    }

    /// As it stands now: days that have left its period are not in it.
    package func budget(_ id: Budget.ID, in db: any DatabaseConnection) throws -> SharedBudget? {
        try CallLedger.shared(id, db).map { try current($0, db) }
    }

    package func budgets(_ ids: [Budget.ID], in db: any DatabaseConnection) throws -> [SharedBudget] {
        if ids.isEmpty { return [] }
        return try db.fetch("SELECT * FROM budget WHERE id IN (\(list: ids)) ORDER BY id")
            .map { try current(SharedBudget(row: $0), db) }
    }

    /// Those that cover calls of a payer, the one with least left first.
    package func covering(_ accounts: [BudgetAccount]) async throws -> [SharedBudget] {
        try await ledger.database.read { db in
            try db.fetch("SELECT * FROM budget WHERE account IN (\(list: accounts.map(\.text)))")
                .map { try current(SharedBudget(row: $0), db) }
                .sorted { ($0.left, $0.id) < ($1.left, $1.id) }
        }
    }

    private func current(_ stored: SharedBudget, _ db: any DatabaseConnection) throws -> SharedBudget {
        let start = stored.period.start(at: ledger.now())
        if stored.since >= start { return stored }
        var budget = stored
        (budget.spent, budget.unconfirmed) = try CallLedger.sums(of: stored.id, from: start, db)
        budget.since = start
        return budget
    }

    private func renew(_ id: Budget.ID, _ db: any DatabaseConnection) throws {
        guard let row = try db.fetchOne("SELECT period FROM budget WHERE id = \(id)\(db.dialect.lockRows)") else {
            throw Self.missing
        }
        let period = BudgetPeriod(rawValue: try row.string("period")) ?? .total
        _ = try ledger.roll(id, to: period.start(at: ledger.now()), db)
    }

    private func require(_ id: Budget.ID, _ db: any DatabaseConnection) throws -> SharedBudget {
        guard let budget = try CallLedger.shared(id, db) else { throw Self.missing }
        return budget
    }

    private static var missing: EdisonError { EdisonError(.notFound, "There is no such budget.") }
}

extension ModelCalls {
    /// What no call of a model can go below when it is reserved for; nil = its price is unknown.
    package func leastReserved(by reference: ModelReference, _ parameters: ModelParameters) -> Money? {
        let request = ModelRequest(model: reference.model, messages: [], parameters: parameters)
        return price(of: reference)?.bound(
            inputTokens: 0, outputTokens: request.outputTokenBound ?? Self.standardOutput)
    }

    package var sharedBudgets: SharedBudgets { SharedBudgets(ledger: ledger) }

    /// The same path for calls that a payer has made: written down with it, and held to its budgets.
    package func charged(to payer: Payer?) -> ModelCalls {
        var copy = self
        copy.payer = payer
        return copy
    }
}
