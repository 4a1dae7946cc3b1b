import EdisonCore
import EdisonWeb

extension Webhook {
    static let shape = Shape<Webhook>(
        "Webhook",
        [
            .id("id", \.id), .id("organization_id", \.organization), .optionalID("project_id", \.project),
            .word("kind", \.kind), .text("name", \.name), .text("url", \.shownURL),
            .texts("events") { $0.events.map(\.rawValue) }, .bool("is_active", \.isActive),
            .optionalText("fault", \.fault), .time("created_at", \.createdAt), .time("updated_at", \.updatedAt),
        ])
}

extension WebhookAttempt {
    static let shape = Shape<WebhookAttempt>(
        "WebhookAttempt",
        [
            .integer("number", \.number), .time("at", \.at),
            .integer("duration_ms") { Int($0.duration / .milliseconds(1)) }, .optionalInteger("status", \.status),
            .optionalText("error", \.error), .text("answer", \.answer),
        ])
}

extension WebhookDelivery {
    static let shape = Shape<WebhookDelivery>(
        "WebhookDelivery",
        [
            .id("id", \.id), .id("webhook_id", \.webhook), .text("event", \.event), .word("status", \.status),
            .integer("attempts", \.attempts), .optionalTime("next_attempt_at", \.nextAttemptAt),
            .time("created_at", \.createdAt), .optionalTime("finished_at", \.finishedAt),
        ])
}
