import EdisonWeb

/// A webhook with its secret, this once.
struct WebhookWithSecret: Sendable {
    let webhook: Webhook
    let secret: String?

    init(_ made: (webhook: Webhook, secret: String?)) { (webhook, secret) = made }

    static let shape = Shape<WebhookWithSecret>(
        "WebhookWithSecret", Webhook.shape.of(\.webhook) + [.optionalText("secret", \.secret)])
}
