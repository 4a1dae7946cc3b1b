import EdisonCore
import EdisonSQL

/// Everything that the tables of accounts know of one person: to hand it out, and to take it away.
struct PersonalDataStore: Sendable {
    func export(_ user: UserID, email: String?, in db: any DatabaseConnection) throws -> JSONObject {
        [
            "organizations": try list(
                """
                SELECT o.id, o.name AS label, m.role, m.created_at FROM organization_member m
                JOIN organization o ON o.id = m.organization_id WHERE m.user_id = \(user) ORDER BY o.id
                """, ["id", "label", "role"], ["created_at"], db),
            "projects": try list(
                """
                SELECT p.id, p.name AS label, m.role, m.created_at FROM project_member m
                JOIN project p ON p.id = m.project_id WHERE m.user_id = \(user) ORDER BY p.id
                """, ["id", "label", "role"], ["created_at"], db),
            "sessions": try list(
                "SELECT * FROM user_session WHERE user_id = \(user) ORDER BY id", ["id", "kind", "client"],
                ["created_at", "used_at", "expires_at", "revoked_at"], db),
            "api_keys": try list(
                "SELECT * FROM api_key WHERE created_by = \(user) ORDER BY id",
                ["id", "organization_id", "project_id", "name", "hint", "role", "scopes"],
                ["created_at", "expires_at", "used_at", "revoked_at"], db),
            "invitations": try list(
                """
                SELECT * FROM invitation WHERE created_by = \(user) OR email = \(email ?? "") ORDER BY id
                """, ["id", "organization_id", "email", "role", "status", "created_by"],
                ["created_at", "expires_at", "answered_at"], db),
            "audit": try audit(user, db),
        ]
    }

    private func audit(_ user: UserID, _ db: any DatabaseConnection) throws -> JSONValue {
        .array(
            try db.fetch("SELECT * FROM audit_entry WHERE user_id = \(user) ORDER BY id").map { row in
                [
                    "id": .string(try row.string("id")), "action": .string(try row.string("action")),
                    "entity_type": .string(try row.string("entity_type")),
                    "entity_id": .string(try row.string("entity_id")),
                    "changes": try row.json("changes"), "metadata": try row.json("metadata"),
                    "created_at": .string(try row.timestamp("created_at").rfc3339),
                ]
            })
    }

    private func list(
        _ sql: SQL, _ texts: [String], _ times: [String], _ db: any DatabaseConnection
    ) throws -> JSONValue {
        .array(
            try db.fetch(sql).map { row in
                var object = JSONObject()
                for column in texts {
                    object[column == "label" ? "name" : column] = JSONValue(try row.optionalString(column))
                }
                for column in times { object[column] = JSONValue(try row.optionalTimestamp(column)?.rfc3339) }
                return .object(object)
            })
    }

    /// The account's row stays without what was in it, so that what the person made still has a maker.
    func erase(_ user: UserID, email: String?, at moment: Timestamp, in db: any DatabaseConnection) throws {
        try db.execute(
            """
            UPDATE user_account SET email = NULL, name = NULL, password_hash = NULL, role = 'viewer',
                updated_at = \(moment), erased_at = \(moment)
            WHERE id = \(user)
            """)
        try db.execute("DELETE FROM user_session WHERE user_id = \(user)")
        try db.execute("DELETE FROM login_link WHERE user_id = \(user)")
        try db.execute("DELETE FROM organization_member WHERE user_id = \(user)")
        try db.execute("DELETE FROM project_member WHERE user_id = \(user)")
        let keys = try db.fetch("DELETE FROM api_key WHERE created_by = \(user) RETURNING id").map {
            "key \(try $0.string("id"))"
        }
        try db.execute("DELETE FROM repeated_request WHERE caller IN (\(list: keys + ["user \(user)"]))")
        try db.execute("DELETE FROM invitation WHERE created_by = \(user) AND status = 'pending'")
        guard let email else { return }
        try db.execute("DELETE FROM invitation WHERE email = \(email)")
        try LoginThrottle().forget(email: email, in: db)
    }
}
