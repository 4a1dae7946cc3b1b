import EdisonCore
import EdisonSQL

/// Who belongs to an organisation, and what that takes with it.
struct MemberStore: Sendable {
    func members(
        of organization: OrganizationID, _ page: PageRequest, in db: any DatabaseConnection
    ) throws -> [Member] {
        let after: SQL = page.after.map { "AND m.user_id < \($0.text)" } ?? ""
        return try db.fetch(
            """
            SELECT u.*, m.organization_id, m.role AS member_role, m.created_at AS joined_at
            FROM organization_member m JOIN user_account u ON u.id = m.user_id
            WHERE m.organization_id = \(organization) \(after)
            ORDER BY m.user_id DESC LIMIT \(page.limit + 1)
            """
        ).map(Member.init)
    }

    func member(_ user: UserID, of organization: OrganizationID, in db: any DatabaseConnection) throws -> Member? {
        try db.fetchOne(
            """
            SELECT u.*, m.organization_id, m.role AS member_role, m.created_at AS joined_at
            FROM organization_member m JOIN user_account u ON u.id = m.user_id
            WHERE m.organization_id = \(organization) AND m.user_id = \(user)
            """
        ).map(Member.init)
    }

    func hasMember(email: String, _ organization: OrganizationID, in db: any DatabaseConnection) throws -> Bool {
        try db.fetchOne(
            """
            SELECT 1 AS one FROM organization_member m JOIN user_account u ON u.id = m.user_id
            WHERE m.organization_id = \(organization) AND u.email = \(email)
            """) != nil
    }

    /// Nobody else changes who owns it until the transaction ends.
    func lockOwners(of organization: OrganizationID, in db: any DatabaseConnection) throws -> [UserID] {
        try db.fetch(
            """
            SELECT user_id FROM organization_member WHERE organization_id = \(organization) AND role = 'owner'
            ORDER BY user_id\(db.dialect.lockRows)
            """
        ).map { try $0.id("user_id") }
    }

    func count(of organization: OrganizationID, in db: any DatabaseConnection) throws -> Int {
        try db.fetchOne(
            "SELECT COUNT(*) AS members FROM organization_member WHERE organization_id = \(organization)")?
            .int("members") ?? 0
    }

    func setRole(
        _ role: Role, of user: UserID, in organization: OrganizationID, _ db: any DatabaseConnection
    ) throws {
        try db.execute(
            """
            UPDATE organization_member SET role = \(role.rawValue)
            WHERE organization_id = \(organization) AND user_id = \(user)
            """)
    }

    /// With it go the roles in the organisation's projects, the keys and the open invitations of the person: nothing
    /// that was prepared lets them in again.
    func remove(
        _ user: UserID, from organization: OrganizationID, at moment: Timestamp, in db: any DatabaseConnection
    ) throws {
        try db.execute(
            "DELETE FROM organization_member WHERE organization_id = \(organization) AND user_id = \(user)")
        try db.execute(
            """
            DELETE FROM project_member WHERE user_id = \(user)
                AND project_id IN (SELECT id FROM project WHERE organization_id = \(organization))
            """)
        try db.execute(
            """
            UPDATE api_key SET revoked_at = \(moment)
            WHERE organization_id = \(organization) AND created_by = \(user) AND revoked_at IS NULL
            """)
        try db.execute(
            """
            UPDATE invitation SET status = 'revoked', answered_at = \(moment)
            WHERE organization_id = \(organization) AND created_by = \(user) AND status = 'pending'
            """)
    }
}

extension Member {
    init(row: Row) throws {
        self.init(
            user: try User(row: row), organization: try row.id("organization_id"), role: try row.role("member_role"),
            createdAt: try row.timestamp("joined_at"))
    }
}
