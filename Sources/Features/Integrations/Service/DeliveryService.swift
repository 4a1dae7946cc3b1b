package import EdisonCore
package import EdisonEvents
package import EdisonJobs
package import EdisonLLM
package import EdisonSQL

/// Sends messages to webhooks and keeps how each attempt went: at least once, with the same id each time.
package struct DeliveryService: Sendable {
    let webhooks: WebhookService
    let outbox: DeliveryOutbox
    let sender: WebhookSender
    private let store = DeliveryStore()
    private let webhookStore = WebhookStore()
    private let audit = AuditTrail()
    private var database: Database { webhooks.database }
    private var now: @Sendable () -> Timestamp { webhooks.now }

    package init(webhooks: WebhookService, outbox: DeliveryOutbox, transport: HTTPTransport) {
        self.webhooks = webhooks
        self.outbox = outbox
        sender = WebhookSender(transport: transport, now: webhooks.now)
    }

    package func list(of webhook: ID<Webhook>, _ page: PageRequest) async throws -> Listing<WebhookDelivery> {
        let found = try await database.read { db in try store.deliveries(of: webhook, page, in: db) }
        return Listing(found, page) { Cursor($0.id.text) }
    }

    package func delivery(_ id: ID<WebhookDelivery>) async throws -> (WebhookDelivery, [WebhookAttempt]) {
        try await database.read { db in
            guard let found = try store.delivery(id, in: db) else { throw Self.missing }
            return (found, try store.attempts(of: id, in: db))
        }
    }

    /// Sends a message that says what it is, now and once, also to one that is switched off.
    package func test(_ id: ID<Webhook>, by actor: Actor) async throws -> (WebhookDelivery, [WebhookAttempt]) {
        let webhook = try await webhooks.webhook(id)
        let moment = now()
        let sentence = "Messages of Edison for the webhook \"\(webhook.name)\" arrive here."
        let body =
            switch webhook.kind {
            case .webhook:
                StandardWebhook.body(
                    WebhookDelivery.test, at: moment,
                    ["webhook_id": .string(id.text), "message": .string(sentence)])
            case .slack: SlackMessage(title: "It works", sentence: sentence).json.text()
            }
        let delivery = WebhookDelivery(
            id: IDSource.random.next(), webhook: id, event: WebhookDelivery.test, body: body, status: .waiting,
            attempts: 0, failures: 0, nextAttemptAt: moment, createdAt: moment, finishedAt: nil)
        try await database.write { db in
            try store.insert(delivery, in: db)
            var actor = actor
            (actor.organization, actor.project) = (webhook.organization, webhook.project)
            try audit.record("webhook.tested", of: ("webhook", id.text), by: actor, db)
        }
        try await attempt(delivery.id) { _ in }
        return try await self.delivery(delivery.id)
    }

    /// Begins an ended message anew, with its id: a receiver that has it already can tell.
    package func resend(_ id: ID<WebhookDelivery>, by actor: Actor) async throws -> (WebhookDelivery, [WebhookAttempt])
    {
        try await database.write { db in
            guard var delivery = try store.delivery(id, locked: true, in: db),
                let webhook = try webhookStore.webhook(delivery.webhook, in: db)
            else { throw Self.missing }
            guard delivery.status != .waiting || isOverdue(delivery) else {
                throw EdisonError(.conflict, "The message is still being sent.", detail: "Its attempts show when.")
            }
            guard webhook.isActive else {
                throw EdisonError(.conflict, "The webhook is switched off.", detail: "Switch it on: is_active true.")
            }
            (delivery.status, delivery.failures, delivery.finishedAt) = (.waiting, 0, nil)
            delivery.nextAttemptAt = now()
            try store.update(delivery, in: db)
            try outbox.send(delivery, to: webhook, at: nil, db)
            var actor = actor
            (actor.organization, actor.project) = (webhook.organization, webhook.project)
            try audit.record(
                "webhook.message_resent", of: ("webhook", webhook.id.text), by: actor,
                metadata: ["delivery_id": .string(id.text)], db)
            return (delivery, try store.attempts(of: id, in: db))
        }
    }

    /// An attempt takes seconds, and one that a worker's death has interrupted begins again within minutes.
    private static let overdue: Duration = .seconds(15 * 60)

    private func isOverdue(_ delivery: WebhookDelivery) -> Bool {
        delivery.nextAttemptAt.map { now().duration(since: $0) > Self.overdue } ?? true
    }

    /// Takes up what nobody is at any more; a trial that was interrupted has failed.
    func sweep() async throws -> Int {
        let moment = now()
        return try await database.write { db in
            let found = try store.overdue(since: moment.advanced(by: .zero - Self.overdue), limit: 1_000, in: db)
            for var delivery in found {
                guard let webhook = try webhookStore.webhook(delivery.webhook, in: db) else { continue }
                if delivery.isTest {
                    (delivery.status, delivery.nextAttemptAt, delivery.finishedAt) = (.failed, nil, moment)
                    try store.update(delivery, in: db)
                } else {
                    delivery.nextAttemptAt = moment
                    try store.update(delivery, in: db)
                    try outbox.send(delivery, to: webhook, at: nil, db)
                }
            }
            return found.count
        }
    }

    /// One attempt, stored together with what it leads to.
    ///
    /// - Parameter complete: runs inside the transaction that stores it.
    func attempt(
        _ id: ID<WebhookDelivery>, complete: @escaping @Sendable (any DatabaseConnection) throws -> Void
    ) async throws {
        let found = try await database.read { db in
            try store.delivery(id, in: db).flatMap { delivery in
                try webhookStore.webhook(delivery.webhook, in: db).map { (delivery, $0) }
            }
        }
        // Deleted meanwhile, or ended by an attempt whose worker died after it.
        guard let (delivery, webhook) = found, delivery.status == .waiting else {
            return try await database.write { db in try complete(db) }
        }
        guard webhook.isActive || delivery.isTest else {
            return try await end(delivery, at: now(), complete)
        }
        let url: String
        let secrets: [String]
        do {
            url = try webhooks.vault.url(of: webhook)
            secrets = try webhooks.vault.secrets(of: webhook, at: now())
        } catch let error as EdisonError {
            // Later attempts may have the key that it was sealed with.
            let attempt = WebhookAttempt(
                number: delivery.attempts + 1, at: now(), duration: .zero, status: nil, error: error.message, answer: ""
            )
            return try await keep(.failed(asked: nil), attempt, of: delivery, complete)
        }
        let (outcome, attempt) = try await sender.send(delivery, as: webhook.kind, to: url, secrets: secrets)
        try await keep(outcome, attempt, of: delivery, complete)
    }

    private func end(
        _ delivery: WebhookDelivery, at moment: Timestamp,
        _ complete: @escaping @Sendable (any DatabaseConnection) throws -> Void
    ) async throws {
        try await database.write { db in
            // It may have been sent again meanwhile.
            guard var delivery = try store.delivery(delivery.id, locked: true, in: db),
                delivery.status == .waiting
            else { return try complete(db) }
            (delivery.status, delivery.nextAttemptAt, delivery.finishedAt) = (.failed, nil, moment)
            try store.update(delivery, in: db)
            try complete(db)
        }
    }

    private func keep(
        _ outcome: WebhookSender.Outcome, _ attempt: WebhookAttempt, of begun: WebhookDelivery,
        _ complete: @escaping @Sendable (any DatabaseConnection) throws -> Void
    ) async throws {
        let moment = now()
        try await database.write { db in
            try complete(db)
            // Not held: who announces holds what this waits for, and refers to the row.
            guard let webhook = try webhookStore.webhook(begun.webhook, in: db),
                var delivery = try store.delivery(begun.id, locked: true, in: db), delivery.attempts == begun.attempts
            else { return }
            try store.insert(attempt, of: delivery.id, in: db)
            delivery.attempts += 1
            if case .delivered = outcome {} else { delivery.failures += 1 }
            let next = next(outcome, after: delivery, at: moment)
            delivery.nextAttemptAt = next
            if let next {
                try store.update(delivery, in: db)
                return try outbox.send(delivery, to: webhook, at: next, db)
            }
            if case .delivered = outcome { delivery.status = .delivered } else { delivery.status = .failed }
            delivery.finishedAt = moment
            try store.update(delivery, in: db)
            if let fault = try fault(outcome, of: delivery, webhook, db) { try disable(webhook, fault, moment, db) }
        }
    }

    private func next(
        _ outcome: WebhookSender.Outcome, after delivery: WebhookDelivery, at moment: Timestamp
    ) -> Timestamp? {
        guard case .failed(let asked) = outcome, !delivery.isTest else { return nil }
        return DeliverySchedule.wait(after: delivery.failures, asked: asked, random: .random(in: 0...1))
            .map { moment.advanced(by: $0) }
    }

    /// Why the webhook should be sent nothing more: it is gone, or nothing has arrived for as long as one message was
    /// tried.
    private func fault(
        _ outcome: WebhookSender.Outcome, of delivery: WebhookDelivery, _ webhook: Webhook, _ db: any DatabaseConnection
    ) throws -> String? {
        guard webhook.isActive, !delivery.isTest else { return nil }
        switch outcome {
        case .delivered, .refused: return nil
        case .gone: return "The receiver answered that it is gone."
        case .failed:
            let hasArrived = try store.hasDelivered(to: webhook.id, since: delivery.createdAt, in: db)
            return hasArrived ? nil : "Nothing has arrived for days, in \(delivery.failures) attempts of one message."
        }
    }

    private func disable(
        _ webhook: Webhook, _ fault: String, _ moment: Timestamp, _ db: any DatabaseConnection
    ) throws {
        guard try webhookStore.disable(webhook.id, because: fault, at: moment, in: db) else { return }
        try audit.record(
            "webhook.disabled", of: ("webhook", webhook.id.text),
            by: Actor(organization: webhook.organization, project: webhook.project),
            metadata: ["reason": .string(fault)], db)
    }

    var jobs: [JobDefinition] {
        [
            JobDefinition(DeliveryJob.self, timeLimit: .seconds(60), isBrief: true) { parameters, context in
                try await attempt(parameters.delivery) { db in try context.complete(db) }
            },
            JobDefinition(ForgetDeliveriesJob.self, isBrief: true) { _, context in
                let moment = now().advanced(by: .seconds(-86_400 * ForgetDeliveriesJob.days))
                let forgotten = try await database.write { db in try store.forget(before: moment, in: db) }
                try await context.report(["forgotten": .integer(Int64(forgotten))])
            },
            JobDefinition(SweepDeliveriesJob.self, isBrief: true) { _, context in
                try await context.report(["taken_up": .integer(Int64(try await sweep()))])
            },
        ]
    }

    static var missing: EdisonError { EdisonError(.notFound, "There is no such message to a webhook.") }
}
