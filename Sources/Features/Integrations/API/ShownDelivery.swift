import EdisonWeb

/// A message with its attempts.
struct ShownDelivery: Sendable {
    let delivery: WebhookDelivery
    let attempts: [WebhookAttempt]

    init(_ found: (WebhookDelivery, [WebhookAttempt])) { (delivery, attempts) = found }

    static let shape = Shape<ShownDelivery>(
        "WebhookDeliveryLog",
        WebhookDelivery.shape.of(\.delivery) + [
            .text("body", \.delivery.body), .parts("log", WebhookAttempt.shape, \.attempts),
        ])
}
