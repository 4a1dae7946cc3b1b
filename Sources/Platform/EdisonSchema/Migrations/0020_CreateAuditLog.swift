import EdisonSQL

extension Schema {
    static let createAuditLog = Migration(
        20, "CreateAuditLog",
        [
            // Nothing refers to the accounts by a key: what was done stays known when who did it has been erased.
            """
            CREATE TABLE audit_entry (
                id TEXT NOT NULL PRIMARY KEY, organization_id TEXT, project_id TEXT, user_id TEXT, key_id TEXT,
                action TEXT NOT NULL, entity_type TEXT NOT NULL, entity_id TEXT NOT NULL, changes TEXT,
                metadata TEXT, request_id TEXT, created_at INTEGER NOT NULL) STRICT
            """,
            "CREATE INDEX audit_entry_organization ON audit_entry (organization_id, id)",
            "CREATE INDEX audit_entry_entity ON audit_entry (entity_type, entity_id)",
            "CREATE INDEX audit_entry_user ON audit_entry (user_id, created_at)",
        ])
}
