import EdisonCore
import EdisonSQL

/// Keys of programs: what is stored is a digest, so that no stored key can be used.
struct KeyStore: Sendable {
    /// nil: there is none, or it is not valid any more.
    func principal(digest: String, at moment: Timestamp, in db: any DatabaseConnection) throws -> (
        key: KeyPrincipal, usedAt: Timestamp?
    )? {
        let row = try db.fetchOne(
            """
            SELECT id, organization_id, project_id, role, scopes, created_by, used_at FROM api_key
            WHERE token_digest = \(digest) AND revoked_at IS NULL
                AND (expires_at IS NULL OR expires_at > \(moment))
            """)
        guard let row else { return nil }
        let key = KeyPrincipal(
            id: try row.id("id"), organization: try row.id("organization_id"),
            project: try row.optionalString("project_id").map { ProjectID($0) }, role: try row.role("role"),
            scopes: Set((try row.json("scopes").array ?? []).compactMap(\.string)),
            creator: try row.optionalString("created_by").map { UserID($0) })
        return (key, try row.optionalInt64("used_at").map { Timestamp(microseconds: $0) })
    }

    func use(_ key: APIKeyID, at moment: Timestamp, in db: any DatabaseConnection) throws {
        try db.execute("UPDATE api_key SET used_at = \(moment) WHERE id = \(key)")
    }
}
