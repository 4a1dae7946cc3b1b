import EdisonCore
import EdisonSQL

/// Offers to join; of their tokens only digests are kept.
struct InvitationStore: Sendable {
    func insert(_ invitation: Invitation, digest: String, in db: any DatabaseConnection) throws {
        try db.execute(
            """
            INSERT INTO invitation
                (id, organization_id, email, role, token_digest, status, created_by, created_at, expires_at)
            VALUES
                (\(invitation.id), \(invitation.organization), \(invitation.email), \(invitation.role.rawValue),
                 \(digest), \(invitation.status.rawValue), \(invitation.creator), \(invitation.createdAt),
                 \(invitation.expiresAt))
            """)
    }

    func invitations(
        of organization: OrganizationID, _ page: PageRequest, in db: any DatabaseConnection
    ) throws -> [Invitation] {
        let after: SQL = page.after.map { "AND id < \($0.text)" } ?? ""
        return try db.fetch(
            """
            SELECT * FROM invitation WHERE organization_id = \(organization) \(after)
            ORDER BY id DESC LIMIT \(page.limit + 1)
            """
        ).map(Invitation.init)
    }

    func invitation(
        _ id: String, of organization: OrganizationID, in db: any DatabaseConnection
    ) throws -> Invitation? {
        try db.fetchOne("SELECT * FROM invitation WHERE id = \(id) AND organization_id = \(organization)")
            .map(Invitation.init)
    }

    func invitation(digest: String, in db: any DatabaseConnection) throws -> Invitation? {
        try db.fetchOne("SELECT * FROM invitation WHERE token_digest = \(digest)").map(Invitation.init)
    }

    /// The one that still waits for this address; there is at most one in an organisation.
    func pending(
        for email: String, in organization: OrganizationID, _ db: any DatabaseConnection
    ) throws -> Invitation? {
        try db.fetchOne(
            """
            SELECT * FROM invitation
            WHERE organization_id = \(organization) AND email = \(email) AND status = 'pending'
            """
        ).map(Invitation.init)
    }

    /// How many could still be accepted.
    func waiting(
        for organization: OrganizationID, at moment: Timestamp, in db: any DatabaseConnection
    ) throws -> Int {
        try db.fetchOne(
            """
            SELECT COUNT(*) AS waiting FROM invitation
            WHERE organization_id = \(organization) AND status = 'pending' AND expires_at > \(moment)
            """)?.int("waiting") ?? 0
    }

    /// - Returns: false when it was answered meanwhile.
    func answer(
        _ invitation: ID<Invitation>, _ status: Invitation.Status, at moment: Timestamp, in db: any DatabaseConnection
    ) throws -> Bool {
        try db.execute(
            """
            UPDATE invitation SET status = \(status.rawValue), answered_at = \(moment)
            WHERE id = \(invitation) AND status = 'pending'
            """) > 0
    }

    /// A new token takes the place of the old one.
    func renew(
        _ invitation: ID<Invitation>, digest: String, by creator: UserID?, expiresAt: Timestamp,
        in db: any DatabaseConnection
    ) throws -> Bool {
        try db.execute(
            """
            UPDATE invitation SET token_digest = \(digest), created_by = \(creator), expires_at = \(expiresAt)
            WHERE id = \(invitation) AND status = 'pending'
            """) > 0
    }
}

extension Invitation {
    init(row: Row) throws {
        self.init(
            id: try row.id("id"), organization: try row.id("organization_id"), email: try row.string("email"),
            role: try row.role("role"), status: Status(rawValue: try row.string("status")) ?? .revoked,
            creator: try row.optionalID("created_by"), createdAt: try row.timestamp("created_at"),
            expiresAt: try row.timestamp("expires_at"))
    }
}
