import EdisonCore
import EdisonSQL

/// T2: what came of an attempt, and what it really cost.
extension CallLedger {
    /// Stores an answer, settles its attempt and releases the rest of the reservation.
    ///
    /// Keyed by the attempt alone, so that it also settles one that was given up for lost. An answer that does not say
    /// what it used cannot be settled: its attempt stays unconfirmed, and the cost of the call is unknown.
    func settle(
        _ reservation: Reservation, response: ModelResponse, price: Price?, servedBy: ModelReference, latency: Duration
    ) async throws -> CallResult {
        let finished = Finished(response: response, servedBy: servedBy, latency: latency)
        return try await database.write { db in
            var row: Row?
            if response.usage != nil || price?.isFree == true {
                row = try settle(
                    reservation,
                    Bill(
                        usage: response.usage, cost: price.flatMap { $0.settledCost(response.usage) }, status: 200,
                        isTokensKnown: response.usage != nil), answering: finished, db)
            } else {
                try lose(reservation.attempt, status: 200, failure: nil, db)
                try forgetCost(of: reservation, db)
                row = try answer(reservation, finished, adding: Bill(cost: .zero), db)
            }
            // An answer that came before this one stands.
            row = try row ?? db.fetchOne("SELECT * FROM model_call WHERE id = \(reservation.callID)")
            var result = try row.map(Self.figures) ?? CallResult()
            result.response = response
            result.usage = response.usage
            result.latency = latency
            return result
        }
    }

    /// The answer that ends a call.
    private struct Finished: Sendable {
        let response: ModelResponse
        let servedBy: ModelReference
        let latency: Duration
        /// The response as it is stored.
        let stored: String

        init(response: ModelResponse, servedBy: ModelReference, latency: Duration) {
            self.response = response
            self.servedBy = servedBy
            self.latency = latency
            stored = response.json.text()
        }
    }

    /// Stores the answer with what its attempt has added to the call; nil when the call has one already.
    private func answer(
        _ reservation: Reservation, _ finished: Finished, adding bill: Bill, _ db: any DatabaseConnection
    ) throws -> Row? {
        let response = finished.response
        let endpoint = finished.servedBy.endpoint
        return try db.fetch(
            """
            UPDATE model_call SET status = 'answered', answer = \(finished.stored), failure = NULL,
                provider = \(endpoint.kind.name), credential = \(endpoint.credentialID),
                model = \(finished.servedBy.model), served_by = \(response.model),
                finish_reason = \(response.finishReason.rawValue), latency_us = \(finished.latency.wholeMicroseconds),
                finished_at = \(Timestamp.now), \(costs(bill))
            WHERE id = \(reservation.callID) AND status <> 'answered'
            RETURNING cost_nano, price_known, latency_us, attempts
            """
        ).first
    }

    private func costs(_ bill: Bill) -> SQL {
        """
        cost_nano = COALESCE(cost_nano, 0) + \(bill.cost ?? .zero),
        price_known = price_known * \(bill.cost == nil ? 0 : 1),
        input_tokens = input_tokens + \(bill.usage?.input ?? 0),
        output_tokens = output_tokens + \(bill.usage?.output ?? 0)
        """
    }

    /// An attempt that got no answer. With a status it settles at the reported usage, else at 0; without one nobody
    /// knows what it cost: it is lost and keeps its reservation as unconfirmed.
    func settle(_ reservation: Reservation, failure: ProviderFailure, price: Price?) async throws {
        try await database.write { db in
            guard failure.status != nil || failure.neverSent else {
                try lose(reservation.attempt, status: nil, failure: failure, db)
                // What it may have cost cannot be told either.
                if price == nil { try forgetCost(of: reservation, db) }
                return
            }
            try settle(
                reservation,
                Bill(
                    usage: failure.usage, cost: failure.usage.map { price?.cost(of: $0) } ?? .zero,
                    status: failure.status, failure: failure, isCall: !failure.neverSent), db)
        }
    }

    /// What an attempt has used.
    private struct Bill {
        var usage: TokenUsage?
        /// nil = unknown.
        var cost: Money?
        var status: Int?
        var failure: ProviderFailure?
        /// False: the reserved tokens count as used.
        var isTokensKnown = true
        /// False: nothing reached the provider.
        var isCall = true
    }

    /// Returns the row of the call when the answer was stored with it.
    @discardableResult
    private func settle(
        _ reservation: Reservation, _ bill: Bill, answering finished: Finished? = nil, _ db: any DatabaseConnection
    ) throws -> Row? {
        guard let closed = try close(reservation.attempt, bill, db) else {
            return try finished.flatMap { try answer(reservation, $0, adding: Bill(cost: .zero), db) }
        }
        var answered: Row?
        if let finished { answered = try answer(reservation, finished, adding: bill, db) }
        if answered == nil {
            try db.execute("UPDATE model_call SET \(costs(bill)) WHERE id = \(reservation.callID)")
        }
        let usage = bill.usage
        let hold = reservation.hold
        let tokens = bill.isTokensKnown ? (usage?.input ?? 0) + (usage?.output ?? 0) : hold.tokens
        var change = Charge(spent: bill.cost ?? .zero, spentTokens: tokens, calls: bill.isCall ? 0 : -1)
        if closed.wasLost {
            change.unconfirmed = .zero - hold.cost
            change.spentTokens -= hold.tokens
        } else {
            change.reserved = .zero - hold.cost
            change.reservedTokens = -hold.tokens
        }
        try charge(closed.budgets, change, sent: closed.sent, db)
        return answered
    }

    private struct Closed {
        /// Whether it had been given up.
        let wasLost: Bool
        /// By the row: a budget that was made while the attempt was under way holds it too.
        let budgets: [String]
        let sent: Timestamp
    }

    /// Writes what the attempt used; nil: it was settled before.
    private func close(_ attempt: String, _ bill: Bill, _ db: any DatabaseConnection) throws -> Closed? {
        for before in ["sent", "lost"] {
            let usage = bill.usage
            let row = try db.fetch(
                """
                UPDATE model_attempt SET status = 'settled', cost_nano = \(bill.cost), input_tokens = \(usage?.input),
                    cache_read_tokens = \(usage?.cacheRead), cache_write_tokens = \(usage?.cacheWrite),
                    output_tokens = \(usage?.output), reasoning_tokens = \(usage?.reasoning),
                    http_status = \(bill.status), failure = \(bill.failure?.json), settled_at = \(Timestamp.now)
                WHERE id = \(attempt) AND status = \(before)
                RETURNING budgets, sent_at
                """
            ).first
            if let row {
                return Closed(
                    wasLost: before == "lost", budgets: try Self.budgets(row), sent: try row.timestamp("sent_at"))
            }
        }
        return nil
    }

    /// Gives an attempt up. Its tokens count as used and its reservation as unconfirmed, until it settles after all.
    func lose(_ attempt: String, status: Int?, failure: ProviderFailure?, _ db: any DatabaseConnection) throws {
        let row = try db.fetch(
            """
            UPDATE model_attempt SET status = 'lost', http_status = \(status), failure = \(failure?.json),
                settled_at = \(Timestamp.now)
            WHERE id = \(attempt) AND status = 'sent'
            RETURNING budgets, sent_at, reserved_nano, reserved_tokens
            """
        ).first
        guard let row else { return }
        let (cost, tokens) = (try row.money("reserved_nano"), try row.int("reserved_tokens"))
        try charge(
            Self.budgets(row),
            Charge(reserved: .zero - cost, reservedTokens: -tokens, unconfirmed: cost, spentTokens: tokens),
            sent: row.timestamp("sent_at"), db)
    }

    /// In the order in which all transactions hold them.
    private static func budgets(_ attempt: Row) throws -> [String] {
        try attempt.string("budgets").split(separator: budgetSeparator).map(String.init).sorted()
    }

    private func forgetCost(of reservation: Reservation, _ db: any DatabaseConnection) throws {
        try db.execute("UPDATE model_call SET price_known = 0 WHERE id = \(reservation.callID)")
    }
}

extension Price {
    /// nil = unknown; what is free costs nothing, whatever was used.
    fileprivate func settledCost(_ usage: TokenUsage?) -> Money? { isFree ? .zero : usage.map { cost(of: $0) } }
}
