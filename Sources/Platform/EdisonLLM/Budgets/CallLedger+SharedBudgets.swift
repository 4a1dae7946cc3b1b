import EdisonCore
import EdisonSQL

/// Budgets of accounts inside the transactions of calls: which ones cover a call, the days that they count, and the
/// thresholds that are reached. Whoever changes one holds its row first, as calls do.
extension CallLedger {
    /// A budget that covers a call, with the first day that counts for it now; a run's own counts all.
    struct Cover: Sendable {
        let budget: Budget.ID
        let since: Int?
    }

    /// Looked up anew for each attempt, so that a budget made meanwhile holds from the next one on.
    func covers(_ accounts: [String], _ db: any DatabaseConnection) throws -> [Cover] {
        let moment = now()
        return try db.fetch("SELECT id, period FROM budget WHERE account IN (\(list: accounts))").map { row in
            let period = BudgetPeriod(rawValue: try row.string("period")) ?? .total
            return Cover(budget: try row.id("id"), since: period.start(at: moment))
        }
    }

    /// Counts from a later day on; false: it does so already.
    func roll(_ budget: Budget.ID, to day: Int, _ db: any DatabaseConnection) throws -> Bool {
        // Days are written by whoever holds the row, so they are summed up after it is held.
        let held = try db.fetchOne("SELECT since FROM budget WHERE id = \(budget)\(db.dialect.lockRows)")
        guard let held, try held.int("since") < day else { return false }
        try db.execute("DELETE FROM budget_day WHERE budget_id = \(budget) AND day < \(day)")
        let sums = try Self.sums(of: budget, from: day, db)
        try db.execute(
            """
            UPDATE budget SET since = \(day), spent_nano = \(sums.spent), unconfirmed_nano = \(sums.unconfirmed)
            WHERE id = \(budget)
            """)
        guard let shared = try Self.shared(budget, db) else { return true }
        var alarm = shared.alarm
        alarm.rearm(used: shared.used, limit: shared.limit)
        try keep(alarm, of: shared, db)
        return true
    }

    static func sums(
        of budget: Budget.ID, from day: Int, _ db: any DatabaseConnection
    ) throws -> (spent: Money, unconfirmed: Money) {
        let row = try db.fetchOne(
            """
            SELECT COALESCE(SUM(spent_nano), 0) AS spent, COALESCE(SUM(unconfirmed_nano), 0) AS unconfirmed
            FROM budget_day WHERE budget_id = \(budget) AND day >= \(day)
            """)
        return (try row?.money("spent") ?? .zero, try row?.money("unconfirmed") ?? .zero)
    }

    static func shared(_ id: Budget.ID, _ db: any DatabaseConnection) throws -> SharedBudget? {
        try db.fetchOne("SELECT * FROM budget WHERE id = \(id) AND account IS NOT NULL").map(SharedBudget.init)
    }

    /// What an attempt changes in the counters of a budget.
    struct Charge: Sendable {
        var reserved = Money.zero
        var reservedTokens = 0
        var spent = Money.zero
        var unconfirmed = Money.zero
        var spentTokens = 0
        var calls = 0
    }

    /// Charges all budgets of an attempt, in the order of their ids, and then tells what they reach: whoever tells holds
    /// more than the budgets, and must not wait for one of them.
    ///
    /// - Parameter sent: when the attempt was; what it spent counts for that day, however late it is known.
    func charge(_ budgets: [String], _ charge: Charge, sent: Timestamp, _ db: any DatabaseConnection) throws {
        for budget in try budgets.filter({ try isDue($0, charge, sent, db) }) { try alarm(Budget.ID(budget), db) }
    }

    private func isDue(
        _ budget: String, _ charge: Charge, _ sent: Timestamp, _ db: any DatabaseConnection
    ) throws -> Bool {
        let day = BudgetPeriod.day(of: sent)
        let released: SQL = """
            UPDATE budget SET reserved_nano = reserved_nano + \(charge.reserved),
                reserved_tokens = reserved_tokens + \(charge.reservedTokens),
                spent_tokens = spent_tokens + \(charge.spentTokens), spent_calls = spent_calls + \(charge.calls)
            """
        let row = try db.fetch(
            """
            \(released), spent_nano = spent_nano + \(charge.spent),
                unconfirmed_nano = unconfirmed_nano + \(charge.unconfirmed)
            WHERE id = \(budget) AND since <= \(day)
            RETURNING account, period, alert_nano, spent_nano + unconfirmed_nano AS used
            """
        ).first
        guard let row else {
            // The day counts no more.
            try db.execute("\(released) WHERE id = \(budget)")
            return false
        }
        guard try row.optionalString("account") != nil else { return false }
        if try row.string("period") != BudgetPeriod.total.rawValue {
            try db.execute(
                """
                INSERT INTO budget_day (budget_id, day, spent_nano, unconfirmed_nano)
                VALUES (\(budget), \(day), \(charge.spent), \(charge.unconfirmed))
                ON CONFLICT (budget_id, day) DO UPDATE SET spent_nano = budget_day.spent_nano + excluded.spent_nano,
                    unconfirmed_nano = budget_day.unconfirmed_nano + excluded.unconfirmed_nano
                """)
        }
        guard let due = try row.optionalMoney("alert_nano") else { return false }
        return try row.money("used") >= due
    }

    /// Tells the thresholds that are reached; the row is held.
    func alarm(_ id: Budget.ID, _ db: any DatabaseConnection) throws {
        guard let budget = try Self.shared(id, db) else { return }
        var alarm = budget.alarm
        try tell(alarm.due(used: budget.used, limit: budget.limit), of: budget, db)
        try keep(alarm, of: budget, db)
    }

    /// A call did not fit: then all of the limit counts as used, unless there is room again by now.
    func alarmRefused(_ id: Budget.ID, _ cost: Money) async throws {
        try await database.write { db in
            guard try db.fetchOne("SELECT id FROM budget WHERE id = \(id)\(db.dialect.lockRows)") != nil,
                let budget = try Self.shared(id, db), budget.used + budget.reserved + cost > budget.limit
            else { return }
            var alarm = budget.alarm
            let due = alarm.dueWhenRefused(used: budget.used, limit: budget.limit)
            if due.isEmpty { return }
            try tell(due, of: budget, db)
            try keep(alarm, of: budget, db)
        }
    }

    private func tell(_ thresholds: [Int], of budget: SharedBudget, _ db: any DatabaseConnection) throws {
        for threshold in thresholds {
            try onCrossing(BudgetCrossing(budget: budget, threshold: threshold, at: now()), db)
        }
    }

    func keep(_ alarm: BudgetAlarm, of budget: SharedBudget, _ db: any DatabaseConnection) throws {
        func list(_ thresholds: [Int]) -> JSONValue { .array(thresholds.map { .integer(Int64($0)) }) }
        try db.execute(
            """
            UPDATE budget SET thresholds = \(list(alarm.thresholds)), alerted = \(list(alarm.told)),
                alert_nano = \(alarm.next(limit: budget.limit))
            WHERE id = \(budget.id)
            """)
    }
}
