import EdisonCore
import EdisonEvents
import EdisonSQL

/// Webhooks as rows; what is secret in them arrives sealed and leaves so.
struct WebhookStore: Sendable {
    func insert(_ webhook: Webhook, by user: UserID?, in db: any DatabaseConnection) throws {
        try db.execute(
            """
            INSERT INTO webhook
                (id, organization_id, project_id, kind, name, shown_url, sealed_url, sealed_secret, events, is_active,
                 created_by, created_at, updated_at)
            VALUES
                (\(webhook.id), \(webhook.organization), \(webhook.project), \(webhook.kind.rawValue), \(webhook.name),
                 \(webhook.shownURL), \(webhook.sealed.url), \(webhook.sealed.secret), \(Self.names(webhook.events)),
                 \(webhook.isActive), \(user), \(webhook.createdAt), \(webhook.updatedAt))
            """)
    }

    func update(_ webhook: Webhook, in db: any DatabaseConnection) throws {
        try db.execute(
            """
            UPDATE webhook SET
                name = \(webhook.name), shown_url = \(webhook.shownURL), sealed_url = \(webhook.sealed.url),
                sealed_secret = \(webhook.sealed.secret), previous_secret = \(webhook.sealed.previousSecret),
                previous_until = \(webhook.sealed.previousUntil), events = \(Self.names(webhook.events)),
                is_active = \(webhook.isActive), fault = \(webhook.fault), updated_at = \(webhook.updatedAt)
            WHERE id = \(webhook.id)
            """)
    }

    /// - Returns: false when it was switched off already.
    func disable(
        _ id: ID<Webhook>, because fault: String, at moment: Timestamp, in db: any DatabaseConnection
    ) throws -> Bool {
        try db.fetchOne(
            """
            UPDATE webhook SET is_active = 0, fault = \(fault), updated_at = \(moment)
            WHERE id = \(id) AND is_active = 1 RETURNING id
            """) != nil
    }

    func delete(_ id: ID<Webhook>, in db: any DatabaseConnection) throws {
        try db.execute("DELETE FROM webhook WHERE id = \(id)")
    }

    func webhook(_ id: ID<Webhook>, locked: Bool = false, in db: any DatabaseConnection) throws -> Webhook? {
        let lock: SQL = locked ? "\(db.dialect.lockRows)" : ""
        return try db.fetchOne("SELECT * FROM webhook WHERE id = \(id)\(lock)").map(Webhook.init)
    }

    /// Newest first: of one project, or of all of the organization.
    func webhooks(
        of organization: OrganizationID, project: ProjectID?, _ page: PageRequest, in db: any DatabaseConnection
    ) throws -> [Webhook] {
        let only: SQL = project.map { "AND project_id = \($0)" } ?? ""
        let after: SQL = page.after.map { "AND id < \($0.text)" } ?? ""
        return try db.fetch(
            """
            SELECT * FROM webhook WHERE organization_id = \(organization) \(only) \(after)
            ORDER BY id DESC LIMIT \(page.limit + 1)
            """
        ).map(Webhook.init)
    }

    /// Those that want to hear of it.
    func listening(to notification: Notification, in db: any DatabaseConnection) throws -> [Webhook] {
        let place: SQL =
            notification.project.map { "AND (project_id IS NULL OR project_id = \($0))" }
            ?? "AND project_id IS NULL"
        return try db.fetch(
            """
            SELECT * FROM webhook
            WHERE organization_id = \(notification.organization) AND is_active = 1 \(place) ORDER BY id
            """
        ).map(Webhook.init).filter { $0.events.contains(notification.kind) }
    }

    /// All, some at a time, for whoever seals them anew.
    func all(after id: ID<Webhook>?, limit: Int, in db: any DatabaseConnection) throws -> [Webhook] {
        try db.fetch("SELECT * FROM webhook WHERE id > \(id?.text ?? "") ORDER BY id LIMIT \(limit)").map(Webhook.init)
    }

    /// Only what nobody has changed meanwhile.
    func replace(_ old: SealedWebhook, by new: SealedWebhook, of id: ID<Webhook>, in db: any DatabaseConnection) throws
    {
        try db.execute(
            """
            UPDATE webhook SET sealed_url = \(new.url), sealed_secret = \(new.secret),
                previous_secret = \(new.previousSecret)
            WHERE id = \(id) AND sealed_url = \(old.url) AND COALESCE(sealed_secret, '') = \(old.secret ?? "")
                AND COALESCE(previous_secret, '') = \(old.previousSecret ?? "")
            """)
    }

    private static func names(_ events: [NotificationKind]) -> JSONValue {
        .array(events.map { .string($0.rawValue) })
    }
}

extension Webhook {
    init(row: Row) throws {
        self.init(
            id: try row.id("id"), organization: try row.id("organization_id"),
            project: try row.optionalID("project_id"),
            kind: WebhookKind(rawValue: try row.string("kind")) ?? .webhook, name: try row.string("name"),
            shownURL: try row.string("shown_url"),
            sealed: SealedWebhook(
                url: try row.string("sealed_url"), secret: try row.optionalString("sealed_secret"),
                previousSecret: try row.optionalString("previous_secret"),
                previousUntil: try row.optionalTimestamp("previous_until")),
            events: (try row.json("events").array ?? []).compactMap { $0.string.flatMap(NotificationKind.init) },
            isActive: try row.bool("is_active"), fault: try row.optionalString("fault"),
            createdAt: try row.timestamp("created_at"), updatedAt: try row.timestamp("updated_at"))
    }
}
