import EdisonCore
import EdisonSQL

/// Keys of programs: what is stored is a digest, so that no stored key can be used.
struct KeyStore: Sendable {
    /// nil: there is none, or it is not valid any more, or whoever made it has no part there any more.
    func principal(digest: String, at moment: Timestamp, in db: any DatabaseConnection) throws -> (
        key: KeyPrincipal, usedAt: Timestamp?
    )? {
        let row = try db.fetchOne(
            """
            SELECT k.*, m.role AS organization_role, p.role AS project_role
            FROM api_key k JOIN user_account u ON u.id = k.created_by AND u.erased_at IS NULL
            LEFT JOIN organization_member m ON m.organization_id = k.organization_id AND m.user_id = k.created_by
            LEFT JOIN project_member p ON p.project_id = k.project_id AND p.user_id = k.created_by
            WHERE k.token_digest = \(digest) AND k.revoked_at IS NULL
                AND (k.expires_at IS NULL OR k.expires_at > \(moment))
            """)
        guard let row else { return nil }
        let role = KeyRights.role(
            of: try row.role("role"), makerInOrganization: try row.optionalRole("organization_role"),
            makerInProject: try row.optionalRole("project_role"))
        guard let role else { return nil }
        let key = KeyPrincipal(
            id: try row.id("id"), organization: try row.id("organization_id"),
            project: try row.optionalID("project_id"), role: role, scopes: Set(try row.scopes),
            creator: try row.optionalID("created_by"))
        return (key, try row.optionalTimestamp("used_at"))
    }

    func use(_ key: APIKeyID, at moment: Timestamp, in db: any DatabaseConnection) throws {
        try db.execute("UPDATE api_key SET used_at = \(moment) WHERE id = \(key)")
    }

    func insert(_ key: APIKey, digest: String, in db: any DatabaseConnection) throws {
        try db.execute(
            """
            INSERT INTO api_key
                (id, organization_id, project_id, name, hint, token_digest, role, scopes, created_by, created_at,
                 expires_at)
            VALUES
                (\(key.id), \(key.organization), \(key.project), \(key.name), \(key.hint), \(digest),
                 \(key.role.rawValue), \(JSONValue.array(key.scopes.map { .string($0) })), \(key.creator),
                 \(key.createdAt), \(key.expiresAt))
            """)
    }

    /// - Parameter creator: whose keys alone are listed; nil = everybody's.
    func keys(
        of organization: OrganizationID, by creator: UserID?, _ page: PageRequest, in db: any DatabaseConnection
    ) throws -> [APIKey] {
        let after: SQL = page.after.map { "AND id < \($0.text)" } ?? ""
        let own: SQL = creator.map { "AND created_by = \($0)" } ?? ""
        return try db.fetch(
            """
            SELECT * FROM api_key WHERE organization_id = \(organization) AND revoked_at IS NULL \(own) \(after)
            ORDER BY id DESC LIMIT \(page.limit + 1)
            """
        ).map(APIKey.init)
    }

    func key(_ id: String, of organization: OrganizationID, in db: any DatabaseConnection) throws -> APIKey? {
        try db.fetchOne("SELECT * FROM api_key WHERE id = \(id) AND organization_id = \(organization)")
            .map(APIKey.init)
    }

    func revoke(_ key: APIKeyID, at moment: Timestamp, in db: any DatabaseConnection) throws -> Bool {
        try db.execute("UPDATE api_key SET revoked_at = \(moment) WHERE id = \(key) AND revoked_at IS NULL") > 0
    }

    func project(_ name: String, of organization: OrganizationID, in db: any DatabaseConnection) throws -> ProjectID? {
        try db.fetchOne(
            """
            SELECT id FROM project WHERE organization_id = \(organization) AND (id = \(name) OR slug = \(name))
            ORDER BY CASE WHEN id = \(name) THEN 0 ELSE 1 END
            """
        )?.id("id")
    }
}

extension APIKey {
    init(row: Row) throws {
        self.init(
            id: try row.id("id"), organization: try row.id("organization_id"),
            project: try row.optionalID("project_id"), name: try row.string("name"), hint: try row.string("hint"),
            role: try row.role("role"), scopes: try row.scopes, creator: try row.optionalID("created_by"),
            createdAt: try row.timestamp("created_at"), expiresAt: try row.optionalTimestamp("expires_at"),
            usedAt: try row.optionalTimestamp("used_at"), revokedAt: try row.optionalTimestamp("revoked_at"))
    }
}

extension Row {
    fileprivate var scopes: [String] { get throws { (try json("scopes").array ?? []).compactMap(\.string) } }

    fileprivate func optionalRole(_ column: String) throws -> Role? {
        try optionalString(column).flatMap(Role.init(rawValue:))
    }
}
