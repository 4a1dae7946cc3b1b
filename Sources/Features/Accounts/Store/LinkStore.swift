import EdisonCore
import EdisonSQL

/// Links that sign in once: that of the first owner, who has no account yet, and those of people who are locked out.
struct LinkStore: Sendable {
    /// A new link ends the older ones of the same person.
    func insert(
        digest: String, for user: UserID?, at moment: Timestamp, expiresAt: Timestamp, in db: any DatabaseConnection
    ) throws {
        let same: SQL = user.map { "user_id = \($0)" } ?? "user_id IS NULL"
        try db.execute("DELETE FROM login_link WHERE \(same)")
        try db.execute(
            """
            INSERT INTO login_link (token_digest, user_id, created_at, expires_at)
            VALUES (\(digest), \(user), \(moment), \(expiresAt))
            """)
    }

    /// Whom a link lets in.
    enum Entrant: Sendable {
        case firstOwner
        case person(UserID)
    }

    /// Uses it up, so that the next one who comes with it is refused; nil = it is unknown, old or used.
    func use(_ digest: String, at moment: Timestamp, in db: any DatabaseConnection) throws -> Entrant? {
        let row = try db.fetchOne(
            """
            UPDATE login_link SET used_at = \(moment)
            WHERE token_digest = \(digest) AND used_at IS NULL AND expires_at > \(moment) RETURNING user_id
            """)
        return try row.map { try $0.optionalID("user_id").map { .person($0) } ?? .firstOwner }
    }

    func removeAll(of user: UserID, in db: any DatabaseConnection) throws {
        try db.execute("DELETE FROM login_link WHERE user_id = \(user)")
    }
}
