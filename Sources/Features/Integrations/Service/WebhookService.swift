package import EdisonCore
package import EdisonEvents
package import EdisonLLM
package import EdisonSQL
package import EdisonSecrets

/// What somebody wants of a webhook; nil stays as it is.
package struct WebhookWish: Sendable {
    package var name: String?
    package var url: String?
    package var events: [NotificationKind]?
    package var isActive: Bool?

    package init(
        name: String? = nil, url: String? = nil, events: [NotificationKind]? = nil, isActive: Bool? = nil
    ) {
        self.name = name
        self.url = url
        self.events = events
        self.isActive = isActive
    }
}

/// Keeps the webhooks of organizations and projects.
package struct WebhookService: Sendable {
    let database: Database
    let vault: WebhookVault
    let addresses: AddressPolicy
    let now: @Sendable () -> Timestamp
    private let store = WebhookStore()
    private let audit = AuditTrail()

    package init(
        database: Database, box: SecretBox, addresses: AddressPolicy,
        now: @escaping @Sendable () -> Timestamp = { .now }
    ) {
        self.database = database
        vault = WebhookVault(box: box)
        self.addresses = addresses
        self.now = now
    }

    /// For how long messages are signed with the old secret, too.
    static let rotation: Duration = .seconds(24 * 3_600)

    /// With the secret that its messages are signed with, which is shown this once.
    package func create(
        _ kind: WebhookKind, name: String, url: String, events: [NotificationKind], isActive: Bool,
        of organization: OrganizationID, project: ProjectID?, by actor: Actor
    ) async throws -> (webhook: Webhook, secret: String?) {
        let address = try await address(url)
        let id: ID<Webhook> = IDSource.random.next()
        let secret = kind == .webhook ? StandardWebhook.makeSecret(RandomToken.bytes(32)) : nil
        let moment = now()
        let webhook = Webhook(
            id: id, organization: organization, project: project, kind: kind, name: name,
            shownURL: address.shown, sealed: try vault.seal(url: url, secret: secret, of: id),
            events: events, isActive: isActive, fault: nil, createdAt: moment, updatedAt: moment)
        try await database.write { db in
            try store.insert(webhook, by: actor.user, in: db)
            try note("webhook.created", webhook, by: actor, changes: Self.state(webhook), db)
        }
        return (webhook, secret)
    }

    package func list(
        of organization: OrganizationID, project: ProjectID?, _ page: PageRequest
    ) async throws -> Listing<Webhook> {
        let found = try await database.read { db in
            try store.webhooks(of: organization, project: project, page, in: db)
        }
        return Listing(found, page) { Cursor($0.id.text) }
    }

    package func webhook(_ id: ID<Webhook>) async throws -> Webhook {
        guard let found = try await database.read({ db in try store.webhook(id, in: db) }) else { throw Self.missing }
        return found
    }

    package func change(_ id: ID<Webhook>, _ wish: WebhookWish, by actor: Actor) async throws -> Webhook {
        let shown: String? = if let url = wish.url { try await address(url).shown } else { nil }
        return try await changing(id, "webhook.changed", by: actor) { webhook in
            webhook.name = wish.name ?? webhook.name
            webhook.events = wish.events ?? webhook.events
            if let url = wish.url, let shown {
                webhook.sealed.url = try vault.seal(url: url, of: id)
                webhook.shownURL = shown
            }
            if let isActive = wish.isActive {
                webhook.isActive = isActive
                webhook.fault = nil
            }
        }
    }

    /// Another secret; the old one signs beside it for a day, so that receivers have time to change.
    package func rotate(_ id: ID<Webhook>, by actor: Actor) async throws -> (webhook: Webhook, secret: String?) {
        let secret = StandardWebhook.makeSecret(RandomToken.bytes(32))
        let webhook = try await changing(id, "webhook.secret_rotated", by: actor) { webhook in
            guard let old = webhook.sealed.secret else {
                throw EdisonError(
                    .conflict, "Messages to Slack are not signed, so there is no secret.",
                    detail: "A new address takes the place of the old one: PATCH with url.")
            }
            webhook.sealed.previousSecret = old
            webhook.sealed.previousUntil = now().advanced(by: Self.rotation)
            webhook.sealed.secret = try vault.seal(secret: secret, of: id)
        }
        return (webhook, secret)
    }

    private func changing(
        _ id: ID<Webhook>, _ action: String, by actor: Actor,
        _ change: @escaping @Sendable (inout Webhook) throws -> Void
    ) async throws -> Webhook {
        try await database.write { db in
            guard var webhook = try store.webhook(id, locked: true, in: db) else { throw Self.missing }
            let before = webhook
            try change(&webhook)
            webhook.updatedAt = max(now(), Timestamp(microseconds: before.updatedAt.microseconds + 1))
            try store.update(webhook, in: db)
            try note(
                action, webhook, by: actor,
                changes: ["before": Self.state(before), "after": Self.state(webhook)], db)
            return webhook
        }
    }

    package func delete(_ id: ID<Webhook>, by actor: Actor) async throws {
        try await database.write { db in
            guard let webhook = try store.webhook(id, locked: true, in: db) else { throw Self.missing }
            try store.delete(id, in: db)
            try note("webhook.deleted", webhook, by: actor, changes: Self.state(webhook), db)
        }
    }

    /// Seals everything under the first of the configured keys; how many, and which no key opens.
    package func reseal() async throws -> (renewed: Int, unreadable: [ID<Webhook>]) {
        var (renewed, unreadable, last) = (0, [ID<Webhook>](), ID<Webhook>?.none)
        while true {
            let from = last
            let batch = try await database.read { db in try store.all(after: from, limit: 100, in: db) }
            guard let end = batch.last else { return (renewed, unreadable) }
            last = end.id
            for webhook in batch {
                do {
                    guard let sealed = try vault.renewed(webhook) else { continue }
                    try await database.write { db in
                        try store.replace(webhook.sealed, by: sealed, of: webhook.id, in: db)
                    }
                    renewed += 1
                } catch let error as EdisonError where error.code == .unavailable { unreadable.append(webhook.id) }
            }
        }
    }

    /// - Throws: `invalid` for what is no address that may be asked.
    private func address(_ url: String) async throws -> WebhookAddress {
        let address: WebhookAddress
        do throws(WebAddress.Fault) { address = try WebhookAddress(url) } catch { throw Self.refusal(error.words) }
        guard let fault = await addresses.fault(of: address.host) else { return address }
        throw Self.refusal(fault, "Whoever runs the server can allow it: allow_private_providers.")
    }

    private static func refusal(_ fault: String, _ detail: String? = nil) -> EdisonError {
        EdisonError(
            .invalid, "The request has a fault.", detail: detail, issues: [FieldIssue(path: "url", message: fault)])
    }

    private func note(
        _ action: String, _ webhook: Webhook, by actor: Actor, changes: JSONValue, _ db: any DatabaseConnection
    ) throws {
        var actor = actor
        (actor.organization, actor.project) = (webhook.organization, webhook.project)
        try audit.record(action, of: ("webhook", webhook.id.text), by: actor, changes: changes, db)
    }

    /// What people have set.
    private static func state(_ webhook: Webhook) -> JSONValue {
        [
            "kind": .string(webhook.kind.rawValue), "name": .string(webhook.name), "url": .string(webhook.shownURL),
            "events": .array(webhook.events.map { .string($0.rawValue) }), "is_active": .bool(webhook.isActive),
        ]
    }

    static var missing: EdisonError { EdisonError(.notFound, "There is no such webhook.") }
}
