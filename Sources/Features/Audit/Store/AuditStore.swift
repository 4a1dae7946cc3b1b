import EdisonCore
import EdisonSQL

/// Reads the log; only `AuditTrail` writes it.
struct AuditStore: Sendable {
    /// Newest first.
    func entries(
        of organization: OrganizationID, _ filter: AuditFilter, _ page: PageRequest, in db: any DatabaseConnection
    ) throws -> [AuditEntry] {
        var conditions: [SQL] = []
        if let user = filter.user { conditions.append("AND user_id = \(user)") }
        if let type = filter.entityType { conditions.append("AND entity_type = \(type)") }
        if let id = filter.entityID { conditions.append("AND entity_id = \(id)") }
        if let action = filter.action {
            conditions.append(
                action.hasSuffix(".")
                    ? "AND substr(action, 1, CAST(\(action.unicodeScalars.count) AS INTEGER)) = \(action)"
                    : "AND action = \(action)")
        }
        if let from = filter.from { conditions.append("AND created_at >= \(from)") }
        if let to = filter.to { conditions.append("AND created_at < \(to)") }
        if let after = page.after { conditions.append("AND id < \(after.text)") }
        let narrowed = conditions.reduce(SQL(stringLiteral: "")) { "\($0) \($1)" }
        return try db.fetch(
            """
            SELECT * FROM audit_entry WHERE organization_id = \(organization)\(narrowed)
            ORDER BY id DESC LIMIT \(page.limit + 1)
            """
        ).map(AuditEntry.init)
    }
}

extension AuditEntry {
    init(row: Row) throws {
        self.init(
            id: try row.string("id"), project: try row.optionalID("project_id"), user: try row.optionalID("user_id"),
            key: try row.optionalID("key_id"), action: try row.string("action"),
            entityType: try row.string("entity_type"), entityID: try row.string("entity_id"),
            changes: try row.json("changes"), metadata: try row.json("metadata"),
            request: try row.optionalString("request_id"), createdAt: try row.timestamp("created_at"))
    }
}
