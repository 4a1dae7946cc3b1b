import EdisonCore
import EdisonWeb

struct NewWebhook: RequestBody {
    static let example: JSONObject? = [
        "kind": "webhook", "name": "On call", "url": "https://hooks.example.org/edison",
        "events": ["budget.threshold_reached"],
    ]

    let kind: WebhookKind
    let name: String
    let url: String
    let events: [NotificationKind]
    let isActive: Bool

    init(_ fields: Fields) {
        kind = fields.required("kind", .word, "webhook: signed, by Standard Webhooks; slack: an incoming webhook.")
        name = fields.required("name", .name())
        url = fields.required("url", .text(1...2_000), "Never shown again; whoever knows it can write there.")
        events = fields.value("events", .notifications, or: NotificationKind.allCases, "All when absent.")
        isActive = fields.value("is_active", .bool, or: true)
    }
}

extension FieldType where Value == [NotificationKind] {
    static let notifications = FieldType<[NotificationKind]>.list(of: FieldType<NotificationKind>.word, 1...50)
}
