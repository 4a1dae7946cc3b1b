package import EdisonCore
package import EdisonEvents
package import EdisonJobs
package import EdisonSQL

/// Writes down what webhooks are owed, in the transaction of what happened, with the job that sends it.
package struct DeliveryOutbox: Sendable {
    private let queue: JobQueue
    private let webhooks = WebhookStore()
    private let deliveries = DeliveryStore()

    /// Each attempt that ends, however it ends, is stored and leads to a job of its own: only a worker that dies before
    /// that, or a database that is not there, takes one of these.
    private static let mostCrashes = 25

    package init(queue: JobQueue) { self.queue = queue }

    package func take(_ notification: Notification, _ db: any DatabaseConnection) throws {
        for webhook in try webhooks.listening(to: notification, in: db) {
            let body =
                switch webhook.kind {
                case .webhook:
                    StandardWebhook.body(notification.kind.rawValue, at: notification.at, notification.data)
                case .slack: SlackMessage(notification).json.text()
                }
            let delivery = WebhookDelivery(
                id: IDSource.random.next(), webhook: webhook.id, event: notification.kind.rawValue, body: body,
                status: .waiting, attempts: 0, failures: 0, nextAttemptAt: notification.at, createdAt: notification.at,
                finishedAt: nil)
            try deliveries.insert(delivery, in: db)
            try send(delivery, to: webhook, at: nil, db)
        }
    }

    /// - Parameter moment: nil: at once.
    func send(
        _ delivery: WebhookDelivery, to webhook: Webhook, at moment: Timestamp?, _ db: any DatabaseConnection
    ) throws {
        try queue.enqueue(
            DeliveryJob(delivery: delivery.id),
            JobOptions(
                owner: "webhooks of \(webhook.organization)", project: webhook.project, runAt: moment,
                maxAttempts: Self.mostCrashes), db)
    }
}
