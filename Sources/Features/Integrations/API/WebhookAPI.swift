import EdisonCore
import EdisonWeb
import HTTPTypes

extension Permission {
    static let readWebhooks = Permission("webhooks:read", from: .admin)
    static let writeWebhooks = Permission("webhooks:write", from: .admin)
}

/// The routes of webhooks and of the messages to them.
struct WebhookAPI: Sendable {
    let webhooks: WebhookService
    let deliveries: DeliveryService

    private static let group = "Webhooks"

    private static let owner = EntityOwner("webhook") { id, db in
        try WebhookStore().webhook(ID(id), in: db).map(place)
    }
    private static let deliveryOwner = EntityOwner("message to a webhook") { id, db in
        try DeliveryStore().delivery(ID(id), in: db).flatMap { try WebhookStore().webhook($0.webhook, in: db) }
            .map(place)
    }
    private static func place(_ webhook: Webhook) -> EntityPlace {
        webhook.project.map { .project($0) } ?? .organization(webhook.organization)
    }

    var endpoints: [Endpoint] { lists + single + messages }

    private var lists: [Endpoint] {
        [
            .get(
                "/organizations/{organization}/webhooks", "Lists the webhooks of an organization and of its projects.",
                in: Self.group, .organization(.readWebhooks), query: QueryParameter.page, .page(of: Webhook.shape)
            ) { try await webhooks.list(of: $0.requireOrganization(), project: nil, $0.page()) },
            .json(
                .post, "/organizations/{organization}/webhooks",
                "Has an address told of what happens in an organization; the answer shows its secret this once.",
                in: Self.group, .organization(.writeWebhooks), takes: NewWebhook.self,
                .one(WebhookWithSecret.shape, .created)
            ) { request, body in
                try await create(body, project: nil, request)
            },
            .get(
                "/projects/{project}/webhooks", "Lists the webhooks of a project.", in: Self.group,
                .project(.readWebhooks), query: QueryParameter.page, .page(of: Webhook.shape)
            ) { try await webhooks.list(of: $0.requireOrganization(), project: $0.requireProject(), $0.page()) },
            .json(
                .post, "/projects/{project}/webhooks",
                "Has an address told of what happens in a project; the answer shows its secret this once.",
                in: Self.group, .project(.writeWebhooks), takes: NewWebhook.self,
                .one(WebhookWithSecret.shape, .created)
            ) { request, body in
                try await create(body, project: try request.requireProject(), request)
            },
        ]
    }

    private func create(_ body: NewWebhook, project: ProjectID?, _ request: APIRequest) async throws
        -> WebhookWithSecret
    {
        WebhookWithSecret(
            try await webhooks.create(
                body.kind, name: body.name, url: body.url, events: body.events, isActive: body.isActive,
                of: try request.requireOrganization(), project: project, by: request.actor))
    }

    private var single: [Endpoint] {
        [
            .get(
                "/webhooks/{id}", "Shows a webhook, without its address and its secret.", in: Self.group,
                .entity(.readWebhooks, Self.owner), .one(Webhook.shape)
            ) { try await webhooks.webhook(try $0.id()) },
            .json(
                .patch, "/webhooks/{id}", "Changes a webhook; messages that wait go to its new address.",
                in: Self.group, .entity(.writeWebhooks, Self.owner), takes: WebhookChange.self, .one(Webhook.shape)
            ) { request, body in try await webhooks.change(try request.id(), body.wish, by: request.actor) },
            .action(
                .delete, "/webhooks/{id}", "Deletes a webhook with its messages.", in: Self.group,
                .entity(.writeWebhooks, Self.owner), .nothing
            ) { try await webhooks.delete(try $0.id(), by: $0.actor) },
            .action(
                .post, "/webhooks/{id}/rotate-secret",
                "Makes another secret; the old one signs beside it for a day.", in: Self.group,
                .entity(.writeWebhooks, Self.owner), .one(WebhookWithSecret.shape)
            ) { WebhookWithSecret(try await webhooks.rotate(try $0.id(), by: $0.actor)) },
            .action(
                .post, "/webhooks/{id}/test", "Sends a message that says what it is, now and once.", in: Self.group,
                .entity(.writeWebhooks, Self.owner), .one(ShownDelivery.shape)
            ) { ShownDelivery(try await deliveries.test(try $0.id(), by: $0.actor)) },
        ]
    }

    private var messages: [Endpoint] {
        [
            .get(
                "/webhooks/{id}/deliveries", "Lists the messages to a webhook, the newest first.", in: Self.group,
                .entity(.readWebhooks, Self.owner), query: QueryParameter.page, .page(of: WebhookDelivery.shape)
            ) { try await deliveries.list(of: try $0.id(), try $0.page()) },
            .get(
                "/webhook-deliveries/{id}", "Shows a message with each of its attempts.", in: Self.group,
                .entity(.readWebhooks, Self.deliveryOwner), .one(ShownDelivery.shape)
            ) { ShownDelivery(try await deliveries.delivery(try $0.id())) },
            .action(
                .post, "/webhook-deliveries/{id}/resend", "Sends a message again that has arrived or was given up.",
                in: Self.group, .entity(.writeWebhooks, Self.deliveryOwner), .one(ShownDelivery.shape)
            ) { ShownDelivery(try await deliveries.resend(try $0.id(), by: $0.actor)) },
        ]
    }
}
