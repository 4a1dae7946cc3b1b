import EdisonCore
import EdisonSQL

/// Every SQL statement of messages to webhooks and their attempts.
struct DeliveryStore: Sendable {
    func insert(_ delivery: WebhookDelivery, in db: any DatabaseConnection) throws {
        try db.execute(
            """
            INSERT INTO webhook_delivery
                (id, webhook_id, event, body, status, attempts, failures, next_attempt_at, created_at)
            VALUES
                (\(delivery.id), \(delivery.webhook), \(delivery.event), \(delivery.body), \(delivery.status.rawValue),
                 \(delivery.attempts), \(delivery.failures), \(delivery.nextAttemptAt), \(delivery.createdAt))
            """)
    }

    func update(_ delivery: WebhookDelivery, in db: any DatabaseConnection) throws {
        try db.execute(
            """
            UPDATE webhook_delivery SET
                status = \(delivery.status.rawValue), attempts = \(delivery.attempts), failures = \(delivery.failures),
                next_attempt_at = \(delivery.nextAttemptAt), finished_at = \(delivery.finishedAt)
            WHERE id = \(delivery.id)
            """)
    }

    func delivery(
        _ id: ID<WebhookDelivery>, locked: Bool = false, in db: any DatabaseConnection
    ) throws -> WebhookDelivery? {
        let lock: SQL = locked ? "\(db.dialect.lockRows)" : ""
        return try db.fetchOne("SELECT * FROM webhook_delivery WHERE id = \(id)\(lock)").map(WebhookDelivery.init)
    }

    /// Newest first.
    func deliveries(
        of webhook: ID<Webhook>, _ page: PageRequest, in db: any DatabaseConnection
    ) throws -> [WebhookDelivery] {
        let after: SQL = page.after.map { "AND id < \($0.text)" } ?? ""
        return try db.fetch(
            """
            SELECT * FROM webhook_delivery WHERE webhook_id = \(webhook) \(after)
            ORDER BY id DESC LIMIT \(page.limit + 1)
            """
        ).map(WebhookDelivery.init)
    }

    /// Those that should have been tried long ago: whoever was to do it has died, and its job with it.
    func overdue(since moment: Timestamp, limit: Int, in db: any DatabaseConnection) throws -> [WebhookDelivery] {
        try db.fetch(
            """
            SELECT * FROM webhook_delivery WHERE status = 'waiting' AND next_attempt_at < \(moment)
            ORDER BY id LIMIT \(limit)
            """
        ).map(WebhookDelivery.init)
    }

    /// Whether anything arrived since.
    func hasDelivered(to webhook: ID<Webhook>, since moment: Timestamp, in db: any DatabaseConnection) throws -> Bool {
        try db.fetchOne(
            """
            SELECT 1 AS one FROM webhook_delivery
            WHERE webhook_id = \(webhook) AND status = 'delivered' AND finished_at >= \(moment) LIMIT 1
            """) != nil
    }

    func insert(
        _ attempt: WebhookAttempt, of delivery: ID<WebhookDelivery>, in db: any DatabaseConnection
    ) throws {
        try db.execute(
            """
            INSERT INTO webhook_attempt (delivery_id, number, at, duration_us, status, error, answer)
            VALUES (\(delivery), \(attempt.number), \(attempt.at), \(Int(attempt.duration / .microseconds(1))), \(attempt.status),
                    \(attempt.error), \(attempt.answer))
            """)
    }

    /// In their order.
    func attempts(of delivery: ID<WebhookDelivery>, in db: any DatabaseConnection) throws -> [WebhookAttempt] {
        try db.fetch("SELECT * FROM webhook_attempt WHERE delivery_id = \(delivery) ORDER BY number")
            .map(WebhookAttempt.init)
    }

    /// Ended ones that are older; how many.
    func forget(before moment: Timestamp, in db: any DatabaseConnection) throws -> Int {
        try db.fetch("DELETE FROM webhook_delivery WHERE finished_at < \(moment) RETURNING id").count
    }
}

extension WebhookDelivery {
    init(row: Row) throws {
        self.init(
            id: try row.id("id"), webhook: try row.id("webhook_id"), event: try row.string("event"),
            body: try row.string("body"), status: Status(rawValue: try row.string("status")) ?? .failed,
            attempts: try row.int("attempts"), failures: try row.int("failures"),
            nextAttemptAt: try row.optionalTimestamp("next_attempt_at"), createdAt: try row.timestamp("created_at"),
            finishedAt: try row.optionalTimestamp("finished_at"))
    }
}

extension WebhookAttempt {
    init(row: Row) throws {
        self.init(
            number: try row.int("number"), at: try row.timestamp("at"),
            duration: .microseconds(try row.int("duration_us")), status: try row.optionalInt("status"),
            error: try row.optionalString("error"), answer: try row.string("answer"))
    }
}
