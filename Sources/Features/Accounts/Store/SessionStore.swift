import EdisonCore
import EdisonSQL

/// What somebody is logged in by.
struct SessionStore: Sendable {
    enum Kind: String, Sendable { case api, page }

    struct Session: Sendable {
        let id: String
        let user: UserID
        let kind: Kind
        let expiresAt: Timestamp
        let isRevoked: Bool

        func isValid(at moment: Timestamp) -> Bool { !isRevoked && expiresAt > moment }
    }

    func insert(
        _ id: String, of user: UserID, _ kind: Kind, digest: String, client: String?, expiresAt: Timestamp,
        in db: any DatabaseConnection
    ) throws {
        let now = Timestamp.now
        try db.execute(
            """
            INSERT INTO user_session (id, user_id, kind, token_digest, client, created_at, used_at, expires_at)
            VALUES (\(id), \(user), \(kind.rawValue), \(digest), \(client), \(now), \(now), \(expiresAt))
            """)
    }

    func session(_ id: String, in db: any DatabaseConnection) throws -> Session? {
        try db.fetchOne(
            """
            SELECT s.* FROM user_session s JOIN user_account u ON u.id = s.user_id
            WHERE s.id = \(id) AND u.erased_at IS NULL
            """
        ).map(Session.init)
    }

    func session(digest: String, in db: any DatabaseConnection) throws -> Session? {
        try db.fetchOne(
            """
            SELECT s.* FROM user_session s JOIN user_account u ON u.id = s.user_id
            WHERE s.token_digest = \(digest) AND u.erased_at IS NULL
            """
        ).map(Session.init)
    }

    /// The session of a token that has been exchanged before: whoever shows it now has found or stolen it.
    func session(spent digest: String, in db: any DatabaseConnection) throws -> String? {
        try db.fetchOne("SELECT session_id FROM spent_token WHERE token_digest = \(digest)")?.string("session_id")
    }

    /// Exchanges a token; false = somebody else did so at the same moment.
    func rotate(
        _ session: String, from old: String, to new: String, expiresAt: Timestamp, in db: any DatabaseConnection
    ) throws -> Bool {
        let now = Timestamp.now
        let changed = try db.execute(
            """
            UPDATE user_session SET token_digest = \(new), used_at = \(now), expires_at = \(expiresAt)
            WHERE id = \(session) AND token_digest = \(old) AND revoked_at IS NULL
            """)
        guard changed > 0 else { return false }
        try db.execute(
            "INSERT INTO spent_token (token_digest, session_id, spent_at) VALUES (\(old), \(session), \(now))")
        return true
    }

    func revoke(_ session: String, in db: any DatabaseConnection) throws {
        try db.execute(
            "UPDATE user_session SET revoked_at = \(Timestamp.now) WHERE id = \(session) AND revoked_at IS NULL")
    }

    @discardableResult
    func revokeAll(of user: UserID, in db: any DatabaseConnection) throws -> Int {
        try db.execute(
            "UPDATE user_session SET revoked_at = \(Timestamp.now) WHERE user_id = \(user) AND revoked_at IS NULL")
    }
}

extension SessionStore.Session {
    init(row: Row) throws {
        self.init(
            id: try row.string("id"), user: try row.id("user_id"),
            kind: SessionStore.Kind(rawValue: try row.string("kind")) ?? .api,
            expiresAt: try row.timestamp("expires_at"), isRevoked: try row.optionalInt64("revoked_at") != nil)
    }
}
