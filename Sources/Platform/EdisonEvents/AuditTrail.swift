package import EdisonCore
package import EdisonSQL

/// Writes down who changed what, in the transaction of the change; nothing in the program takes an entry back.
package struct AuditTrail: Sendable {
    package init() {}

    /// - Parameters:
    ///   - action: in the past, with what it was done to: `prompt.created`.
    ///   - changes: what was before and is after; never a secret.
    package func record(
        _ action: String, of entity: (type: String, id: String), by actor: Actor, changes: JSONValue = .null,
        metadata: JSONValue = .null, _ db: any DatabaseConnection
    ) throws {
        let id = IDSource.random.next(AuditTrail.self)
        try db.execute(
            """
            INSERT INTO audit_entry
                (id, organization_id, project_id, user_id, key_id, action, entity_type, entity_id, changes, metadata,
                 request_id, created_at)
            VALUES
                (\(id), \(actor.organization), \(actor.project), \(actor.user), \(actor.key), \(action),
                 \(entity.type), \(entity.id), \(changes), \(metadata), \(actor.request), \(Timestamp.now))
            """)
    }
}

/// Who does something, and where: what every change is written down with.
package struct Actor: Sendable, Hashable {
    package var organization: OrganizationID?
    package var project: ProjectID?
    package var user: UserID?
    package var key: APIKeyID?
    package var request: String?

    package init(
        organization: OrganizationID? = nil, project: ProjectID? = nil, user: UserID? = nil, key: APIKeyID? = nil,
        request: String? = nil
    ) {
        self.organization = organization
        self.project = project
        self.user = user
        self.key = key
        self.request = request
    }
}
