package import EdisonCore

/// One message to one webhook, with how it went.
package struct WebhookDelivery: Sendable {
    /// Names the message for its receiver, too: the same with each attempt.
    package let id: ID<WebhookDelivery>
    package let webhook: ID<Webhook>
    /// The name of a notification, or `webhook.test`.
    package let event: String
    /// What is sent, byte for byte.
    package let body: String
    package var status: Status
    package var attempts: Int
    /// Attempts that failed since it was last begun.
    package var failures: Int
    package var nextAttemptAt: Timestamp?
    package let createdAt: Timestamp
    package var finishedAt: Timestamp?

    package enum Status: String, Sendable, CaseIterable { case waiting, delivered, failed }

    static let test = "webhook.test"
    var isTest: Bool { event == Self.test }
}

/// One request of a delivery.
package struct WebhookAttempt: Sendable {
    package let number: Int
    package let at: Timestamp
    package let duration: Duration
    /// The answer's; nil: there was none.
    package let status: Int?
    /// Why it counts as failed, in words; nil: it did not.
    package let error: String?
    /// The beginning of the answer's body.
    package let answer: String

    /// In bytes of an answer.
    static let longestAnswer = 1_024
}
