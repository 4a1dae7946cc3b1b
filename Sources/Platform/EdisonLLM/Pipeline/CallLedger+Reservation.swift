import EdisonCore
import EdisonSQL

/// T1: what an attempt may cost is set aside before its first byte goes out.
extension CallLedger {
    /// What an attempt may use at most.
    struct Bound: Sendable {
        /// nil: the price is not known.
        let cost: Money?
        let tokens: Int
    }

    struct Reservation: Sendable {
        let attempt: String
        let callID: String
        let hold: Hold
    }

    /// What an attempt holds of each of its budgets.
    struct Hold: Sendable {
        let cost: Money
        let tokens: Int
    }

    enum ReserveOutcome: Sendable {
        case reserved(Reservation)
        /// It does not fit; others hold reservations that may be released.
        case mustWait
        case exhausted(BudgetExhausted)
        /// A budget in money covers the call, and nobody knows what the call costs.
        case unpriced
        /// Its outcome is stored: it was made before, or another process has made it meanwhile.
        case answered
    }

    /// Reserves in every budget, and writes the attempt as sent. One transaction: all of it or nothing.
    ///
    /// - Parameter credential: of the model that is asked, which may be another than the call's first.
    func reserve(_ call: ModelCall, credential: String, _ bound: Bound) async throws -> ReserveOutcome {
        let attempt = IDSource.random.next(Attempt.self).text
        let own = Set(call.budgets).map { Cover(budget: $0, since: nil) }
        let accounts = BudgetAccount.covering(call.payer, credentials: [credential]).map(\.text)
        let row = NewCall(call, attempts: 1)
        do {
            return try await database.write { db in
                let (callID, isShared) = try beginAttempt(call, row, accounts, db)
                let shared = isShared ? try covers(accounts, db) : []
                let covers = (own + shared).sorted { $0.budget < $1.budget }
                let names = covers.map(\.budget.text).joined(separator: Self.budgetSeparator)
                let cost = bound.cost ?? .zero
                try db.execute(
                    """
                    INSERT INTO model_attempt
                        (id, call_id, status, process, reserved_nano, reserved_tokens, budgets, sent_at)
                    VALUES
                        (\(attempt), \(callID), 'sent', \(process), \(cost), \(bound.tokens), \(names), \(now()))
                    """)
                for cover in covers { try hold(cover, bound, db) }
                return .reserved(
                    Reservation(attempt: attempt, callID: callID, hold: Hold(cost: cost, tokens: bound.tokens)))
            }
        } catch let refusal as Refusal { return refusal.outcome }
    }

    /// Thrown so that what other budgets have reserved by then is undone.
    private struct Refusal: Error {
        let outcome: ReserveOutcome

        static let mustWait = Refusal(outcome: .mustWait)

        static func exhausted(_ limit: BudgetLimit, isBelowOneCall: Bool) -> Refusal {
            Refusal(outcome: .exhausted(BudgetExhausted(limit: limit, isBelowOneCall: isBelowOneCall)))
        }
    }

    private func hold(_ cover: Cover, _ bound: Bound, _ db: any DatabaseConnection) throws {
        let budget = cover.budget
        if try take(cover, bound, db) { return }
        // A new day may have begun.
        if let since = cover.since, try roll(budget, to: since, db), try take(cover, bound, db) { return }
        throw try refusal(budget, bound, db)
    }

    private func take(_ cover: Cover, _ bound: Bound, _ db: any DatabaseConnection) throws -> Bool {
        let cost = bound.cost ?? .zero
        let isCurrent: SQL = if let since = cover.since { "AND since >= \(since)" } else { "" }
        let isPaid: SQL =
            bound.cost == nil
            ? "limit_nano IS NULL"
            : "(limit_nano IS NULL OR spent_nano + unconfirmed_nano + reserved_nano + \(cost) <= limit_nano)"
        let changed = try db.execute(
            """
            UPDATE budget SET reserved_nano = reserved_nano + \(cost),
                reserved_tokens = reserved_tokens + \(bound.tokens), spent_calls = spent_calls + 1
            WHERE id = \(cover.budget) AND \(isPaid) \(isCurrent)
                AND (limit_tokens IS NULL OR spent_tokens + reserved_tokens + \(bound.tokens) <= limit_tokens)
                AND (limit_calls IS NULL OR spent_calls < limit_calls)
            """)
        return changed > 0
    }

    /// Why the reservation did not fit, by the row as it is now: others may have settled since.
    private func refusal(_ budget: Budget.ID, _ bound: Bound, _ db: any DatabaseConnection) throws -> any Error {
        guard let row = try db.fetchOne("SELECT * FROM budget WHERE id = \(budget)\(db.dialect.lockRows)") else {
            return EdisonError(.internal, "The budget \(budget) does not exist.")
        }
        if let limit = try row.optionalInt("limit_calls"), try row.int("spent_calls") >= limit {
            return Refusal.exhausted(.calls, isBelowOneCall: limit < 1)
        }
        if let limit = try row.optionalMoney("limit_nano") {
            guard let cost = bound.cost else { return Refusal(outcome: .unpriced) }
            let reserved = try row.money("reserved_nano")
            if try row.money("spent_nano") + row.money("unconfirmed_nano") + reserved + cost > limit {
                if reserved > .zero { return Refusal.mustWait }
                let isShared = try row.optionalString("account") != nil
                return Refusal(
                    outcome: .exhausted(
                        BudgetExhausted(
                            limit: .usd, isBelowOneCall: cost > limit,
                            shared: isShared ? try SharedBudget(row: row) : nil, needed: cost)))
            }
        }
        if let limit = try row.optionalInt("limit_tokens") {
            let reserved = try row.int("reserved_tokens")
            if try row.int("spent_tokens") + reserved + bound.tokens > limit {
                return reserved > 0 ? Refusal.mustWait : .exhausted(.tokens, isBelowOneCall: bound.tokens > limit)
            }
        }
        return Refusal.mustWait
    }

    /// The call's id, and whether budgets of its accounts must be looked up.
    private func beginAttempt(
        _ call: ModelCall, _ fresh: NewCall, _ accounts: [String], _ db: any DatabaseConnection
    ) throws -> (id: String, isShared: Bool) {
        // Of a call that nobody has made there is nothing to look up; where no account has a budget, one statement says
        // so on the way.
        let begun = try db.fetch(
            """
            \(fresh.statement)
            RETURNING (SELECT COUNT(*) FROM budget WHERE account IN (\(list: accounts))) AS shared
            """
        ).first
        if let begun { return (fresh.id, try begun.int("shared") > 0) }
        let row = try db.fetchOne(
            "SELECT * FROM model_call WHERE call_key = \(call.key.text)\(db.dialect.lockRows)")
        guard let row, try Self.outcome(row) == nil else { throw Refusal(outcome: .answered) }
        let id = try row.string("id")
        // Two processes that want the same call: the second one waits for the first one's answer, or for its end.
        let other = try db.fetchOne(
            """
            SELECT id FROM model_attempt WHERE call_id = \(id) AND status = 'sent' AND process <> \(process) LIMIT 1
            """)
        if other != nil { throw Refusal.mustWait }
        try db.execute("UPDATE model_call SET status = 'open', attempts = attempts + 1 WHERE id = \(id)")
        return (id, true)
    }
}
