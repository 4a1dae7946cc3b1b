import EdisonCore
import EdisonSQL

/// Every SQL statement about calls, attempts, budgets and cached answers.
struct CallLedger: Sendable {
    let database: Database
    /// Names this process in its attempts, so that a later one can tell which of them nobody will settle.
    let process: String

    /// The stored outcome of a call, if it has one.
    func outcome(of key: String) async throws -> CallResult? {
        let row = try await database.read { db in
            try db.fetchOne(
                """
                SELECT status, answer, failure, input_tokens, output_tokens, cost_nano, price_known, cached, latency_us,
                       attempts
                FROM model_call WHERE call_key = \(key)
                """)
        }
        guard let row else { return nil }
        var result = CallResult(
            cost: try row.bool("price_known") ? try row.optionalMoney("cost_nano") : nil,
            cached: try row.bool("cached"), replayed: true, latency: .microseconds(try row.int("latency_us")),
            attempts: try row.int("attempts"))
        switch try row.string("status") {
        case "answered":
            let response = ModelResponse(json: try row.json("answer"))
            result.response = response
            result.usage = response.usage
            return result
        case "failed":
            let failure = ProviderFailure(json: try row.json("failure"))
            // What may pass is asked again; what the provider refused for good is not.
            if failure.isRetryable { return nil }
            result.failure = failure
            return result
        default: return nil
        }
    }

    struct Reservation: Sendable {
        let attempt: String
        let callID: String
        let cost: Money
        let tokens: Int
    }

    enum ReserveOutcome: Sendable {
        case reserved(Reservation)
        /// It does not fit; others hold reservations that may be released.
        case mustWait
        case exhausted(BudgetLimit)
    }

    /// T1: reserves in every budget, and writes the attempt as sent. One transaction, in order of the budgets' ids.
    func reserve(
        _ call: ModelCall, reference: ModelReference, price: Price?, requestHash: String, cost: Money, tokens: Int
    ) async throws -> ReserveOutcome {
        let attempt = IDSource.random.next(Attempt.self).text
        do {
            return try await database.write { db in
                for budget in call.budgets.sorted() {
                    let changed = try db.execute(
                        """
                        UPDATE budget SET reserved_nano = reserved_nano + \(cost),
                            reserved_tokens = reserved_tokens + \(tokens), spent_calls = spent_calls + 1
                        WHERE id = \(budget)
                            AND (limit_nano IS NULL
                                OR spent_nano + unconfirmed_nano + reserved_nano + \(cost) <= limit_nano)
                            AND (limit_tokens IS NULL OR spent_tokens + reserved_tokens + \(tokens) <= limit_tokens)
                            AND (limit_calls IS NULL OR spent_calls < limit_calls)
                        """)
                    if changed == 0 { throw try shortage(of: budget, cost: cost, tokens: tokens, db) }
                }
                let callID = try open(call, reference: reference, price: price, requestHash: requestHash, db)
                try db.execute(
                    """
                    INSERT INTO model_attempt (id, call_id, status, process, reserved_nano, reserved_tokens, sent_at)
                    VALUES (\(attempt), \(callID), 'sent', \(process), \(cost), \(tokens), \(Timestamp.now))
                    """)
                for budget in call.budgets {
                    try db.execute(
                        """
                        INSERT INTO budget_hold (attempt_id, budget_id, amount_nano, amount_tokens)
                        VALUES (\(attempt), \(budget), \(cost), \(tokens))
                        """)
                }
                return .reserved(Reservation(attempt: attempt, callID: callID, cost: cost, tokens: tokens))
            }
        } catch let shortage as Shortage {
            return shortage.othersAreOpen ? .mustWait : .exhausted(shortage.limit)
        }
    }

    private struct Shortage: Error {
        let limit: BudgetLimit
        let othersAreOpen: Bool
    }

    private func shortage(
        of budget: Budget.ID, cost: Money, tokens: Int, _ db: any DatabaseConnection
    ) throws -> any Error {
        guard let row = try db.fetchOne("SELECT * FROM budget WHERE id = \(budget)") else {
            return EdisonError(.internal, "The budget \(budget) does not exist.")
        }
        if let limit = try row.optionalInt("limit_calls"), try row.int("spent_calls") >= limit {
            return Shortage(limit: .calls, othersAreOpen: false)
        }
        let isMoney =
            try row.optionalMoney("limit_nano").map { limit in
                try row.money("spent_nano") + row.money("unconfirmed_nano") + row.money("reserved_nano") + cost > limit
            } ?? false
        let openAmount = try isMoney ? row.int("reserved_nano") : row.int("reserved_tokens")
        return Shortage(limit: isMoney ? .usd : .tokens, othersAreOpen: openAmount > 0)
    }

    /// The row of the call, made at its first attempt.
    private func open(
        _ call: ModelCall, reference: ModelReference, price: Price?, requestHash: String, _ db: any DatabaseConnection
    ) throws -> String {
        if let row = try db.fetchOne("SELECT id FROM model_call WHERE call_key = \(call.key.text)") {
            let id = try row.string("id")
            try db.execute("UPDATE model_call SET status = 'open' WHERE id = \(id) AND status = 'failed'")
            return id
        }
        let id = IDSource.random.next(ModelCall.self).text
        try db.execute(
            """
            INSERT INTO model_call
                (id, call_key, scope, purpose, status, provider, credential, model, request_hash, price_known, tags,
                 created_at)
            VALUES
                (\(id), \(call.key.text), \(call.key.scope), \(call.key.purpose.name), 'open',
                 \(reference.endpoint.kind.name), \(reference.endpoint.credentialID), \(reference.model),
                 \(requestHash), \(price != nil), \(JSONValue.object(call.tags)), \(Timestamp.now))
            """)
        return id
    }

    /// T2 for an answer: stores it, settles the attempt at its real cost, releases the rest of the reservation.
    /// Keyed by the attempt alone, so that it also settles one that was given up for lost.
    func settle(
        _ reservation: Reservation, response: ModelResponse, price: Price?, servedBy: ModelReference, latency: Duration
    ) async throws {
        let cost = settledCost(response.usage, price)
        try await database.write { db in
            try settle(reservation, usage: response.usage, cost: cost, failure: nil, status: 200, db)
            try db.execute(
                """
                UPDATE model_call SET status = 'answered', answer = \(response.json), failure = NULL,
                    served_by = \(response.model), finish_reason = \(response.finishReason.rawValue),
                    input_tokens = \(response.usage?.input ?? 0), output_tokens = \(response.usage?.output ?? 0),
                    cost_nano = COALESCE(cost_nano, 0) + \(cost ?? .zero),
                    price_known = \(price != nil && response.usage != nil),
                    attempts = attempts + 1, latency_us = \(latency.wholeMicroseconds), finished_at = \(Timestamp.now)
                WHERE id = \(reservation.callID) AND status <> 'answered'
                """)
        }
    }

    /// T2 for an attempt that got no answer. With a status it settles at the reported usage, else 0; without one
    /// nobody knows what it cost: it is lost and keeps its reservation as unconfirmed.
    func settle(_ reservation: Reservation, failure: ProviderFailure, price: Price?, isFinal: Bool) async throws {
        try await database.write { db in
            if failure.status != nil || failure.neverSent {
                let cost = failure.usage.flatMap { settledCost($0, price) } ?? .zero
                try settle(
                    reservation, usage: failure.usage, cost: cost, failure: failure, status: failure.status, db)
                try db.execute(
                    """
                    UPDATE model_call SET cost_nano = COALESCE(cost_nano, 0) + \(cost), attempts = attempts + 1
                    WHERE id = \(reservation.callID)
                    """)
            } else {
                try lose(reservation.attempt, failure: failure.json, db)
                try db.execute("UPDATE model_call SET attempts = attempts + 1 WHERE id = \(reservation.callID)")
            }
            if isFinal {
                try db.execute(
                    """
                    UPDATE model_call SET status = 'failed', failure = \(failure.json), finished_at = \(Timestamp.now)
                    WHERE id = \(reservation.callID) AND status <> 'answered'
                    """)
            }
        }
    }

    private func settledCost(_ usage: TokenUsage?, _ price: Price?) -> Money? {
        guard let usage, let price else { return nil }
        return price.cost(of: usage)
    }

    private func settle(
        _ reservation: Reservation, usage: TokenUsage?, cost: Money?, failure: ProviderFailure?, status: Int?,
        _ db: any DatabaseConnection
    ) throws {
        let before = try db.fetchOne("SELECT status FROM model_attempt WHERE id = \(reservation.attempt)")
        guard let before, try before.string("status") != "settled" else { return }
        let wasLost = try before.string("status") == "lost"
        try db.execute(
            """
            UPDATE model_attempt SET status = 'settled', cost_nano = \(cost), input_tokens = \(usage?.input),
                cache_read_tokens = \(usage?.cacheRead), cache_write_tokens = \(usage?.cacheWrite),
                output_tokens = \(usage?.output), reasoning_tokens = \(usage?.reasoning), http_status = \(status),
                failure = \(failure?.json), settled_at = \(Timestamp.now)
            WHERE id = \(reservation.attempt)
            """)
        let held = SQLFragment(wasLost ? "unconfirmed_nano" : "reserved_nano")
        let tokens = (usage?.input ?? 0) + (usage?.output ?? 0)
        for hold in try db.fetch(
            "SELECT budget_id, amount_nano, amount_tokens FROM budget_hold WHERE attempt_id = \(reservation.attempt)")
        {
            let budget = try hold.string("budget_id")
            try db.execute(
                """
                UPDATE budget SET \(held) = \(held) - \(try hold.money("amount_nano")),
                    spent_nano = spent_nano + \(cost ?? .zero),
                    reserved_tokens = reserved_tokens - \(wasLost ? 0 : try hold.int("amount_tokens")),
                    spent_tokens = spent_tokens + \(tokens)
                WHERE id = \(budget)
                """)
        }
    }

    private func lose(_ attempt: String, failure: JSONValue, _ db: any DatabaseConnection) throws {
        let changed = try db.execute(
            """
            UPDATE model_attempt SET status = 'lost', failure = \(failure), settled_at = \(Timestamp.now)
            WHERE id = \(attempt) AND status = 'sent'
            """)
        guard changed == 1 else { return }
        for hold in try db.fetch(
            "SELECT budget_id, amount_nano, amount_tokens FROM budget_hold WHERE attempt_id = \(attempt)")
        {
            let budget = try hold.string("budget_id")
            try db.execute(
                """
                UPDATE budget SET reserved_nano = reserved_nano - \(try hold.money("amount_nano")),
                    unconfirmed_nano = unconfirmed_nano + \(try hold.money("amount_nano")),
                    reserved_tokens = reserved_tokens - \(try hold.int("amount_tokens"))
                WHERE id = \(budget)
                """)
        }
    }

    /// Gives up the attempts of processes that have died: after this every attempt is settled or lost.
    func recover(scope: String, isAlive: @escaping @Sendable (String) -> Bool) async throws -> Int {
        try await database.write { db in
            let open = try db.fetch(
                """
                SELECT a.id, a.process FROM model_attempt a JOIN model_call c ON c.id = a.call_id
                WHERE a.status = 'sent' AND c.scope = \(scope)
                """)
            let dead = try open.filter { row in
                let owner = try row.string("process")
                return owner != process && !isAlive(owner)
            }
            let failure = ProviderFailure(.connection, "the process ended before the answer came").json
            for row in dead { try lose(try row.string("id"), failure: failure, db) }
            return dead.count
        }
    }
}
