import EdisonCore
import EdisonWeb

struct WebhookChange: RequestBody {
    static let example: JSONObject? = ["name": "On call", "is_active": false]

    let wish: WebhookWish

    init(_ fields: Fields) {
        wish = WebhookWish(
            name: fields.optional("name", .name()), url: fields.optional("url", .text(1...2_000)),
            events: fields.optional("events", .notifications), isActive: fields.optional("is_active", .bool))
    }
}
