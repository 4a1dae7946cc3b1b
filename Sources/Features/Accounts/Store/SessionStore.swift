import EdisonCore
import EdisonSQL

/// What somebody is logged in by.
struct SessionStore: Sendable {
    struct Session: Sendable {
        let id: String
        let user: UserID
        let kind: SessionKind
        let client: String?
        let createdAt: Timestamp
        let usedAt: Timestamp
        let expiresAt: Timestamp
        let isRevoked: Bool

        func isValid(at moment: Timestamp) -> Bool { !isRevoked && expiresAt > moment }
    }

    /// Sessions of the person that have long ended go at the same time.
    func insert(
        _ id: String, of user: UserID, _ kind: SessionKind, digest: String, client: String?, at moment: Timestamp,
        expiresAt: Timestamp, in db: any DatabaseConnection
    ) throws {
        let old = moment.advanced(by: .zero - AccountService.sessionLifetime)
        try db.execute("DELETE FROM user_session WHERE user_id = \(user) AND expires_at < \(old)")
        try db.execute(
            """
            INSERT INTO user_session (id, user_id, kind, token_digest, client, created_at, used_at, expires_at)
            VALUES (\(id), \(user), \(kind.rawValue), \(digest), \(client.map { String($0.prefix(200)) }), \(moment),
                    \(moment), \(expiresAt))
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

    /// Those that stand, newest first.
    func sessions(
        of user: UserID, at moment: Timestamp, _ page: PageRequest, in db: any DatabaseConnection
    ) throws -> [Session] {
        let after: SQL = page.after.map { "AND id < \($0.text)" } ?? ""
        return try db.fetch(
            """
            SELECT * FROM user_session
            WHERE user_id = \(user) AND revoked_at IS NULL AND expires_at > \(moment) \(after)
            ORDER BY id DESC LIMIT \(page.limit + 1)
            """
        ).map(Session.init)
    }

    /// The session of a token that has been exchanged before: whoever shows it now has found or stolen it.
    func session(spent digest: String, in db: any DatabaseConnection) throws -> String? {
        try db.fetchOne("SELECT session_id FROM spent_token WHERE token_digest = \(digest)")?.string("session_id")
    }

    /// Exchanges a token; false = somebody else did so at the same moment.
    func rotate(
        _ session: String, from old: String, to new: String, at moment: Timestamp, expiresAt: Timestamp,
        in db: any DatabaseConnection
    ) throws -> Bool {
        let changed = try db.execute(
            """
            UPDATE user_session SET token_digest = \(new), used_at = \(moment), expires_at = \(expiresAt)
            WHERE id = \(session) AND token_digest = \(old) AND revoked_at IS NULL
            """)
        guard changed > 0 else { return false }
        try db.execute(
            "INSERT INTO spent_token (token_digest, session_id, spent_at) VALUES (\(old), \(session), \(moment))")
        return true
    }

    func use(_ session: String, at moment: Timestamp, expiresAt: Timestamp, in db: any DatabaseConnection) throws {
        try db.execute(
            """
            UPDATE user_session SET used_at = \(moment), expires_at = \(expiresAt)
            WHERE id = \(session) AND revoked_at IS NULL
            """)
    }

    /// - Parameter user: whose it must be; nil = anybody's.
    /// - Returns: whether there was one that stood.
    @discardableResult
    func revoke(
        _ session: String, of user: UserID? = nil, at moment: Timestamp, in db: any DatabaseConnection
    ) throws -> Bool {
        let owner: SQL = user.map { "AND user_id = \($0)" } ?? ""
        return try db.execute(
            "UPDATE user_session SET revoked_at = \(moment) WHERE id = \(session) AND revoked_at IS NULL \(owner)") > 0
    }

    /// - Parameter kept: a session that goes on.
    func revokeAll(
        of user: UserID, except kept: String? = nil, at moment: Timestamp, in db: any DatabaseConnection
    ) throws {
        try db.execute(
            """
            UPDATE user_session SET revoked_at = \(moment)
            WHERE user_id = \(user) AND revoked_at IS NULL AND id <> \(kept ?? "")
            """)
    }
}

extension SessionStore.Session {
    init(row: Row) throws {
        self.init(
            id: try row.string("id"), user: try row.id("user_id"),
            kind: SessionKind(rawValue: try row.string("kind")) ?? .api, client: try row.optionalString("client"),
            createdAt: try row.timestamp("created_at"), usedAt: try row.timestamp("used_at"),
            expiresAt: try row.timestamp("expires_at"), isRevoked: try row.optionalInt64("revoked_at") != nil)
    }
}
