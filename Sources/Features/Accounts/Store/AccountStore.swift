import EdisonCore
import EdisonSQL

/// People, organisations and who belongs to which.
struct AccountStore: Sendable {
    func insert(_ user: User, passwordHash: String?, in db: any DatabaseConnection) throws {
        try db.execute(
            """
            INSERT INTO user_account (id, email, name, password_hash, role, created_at, updated_at)
            VALUES (\(user.id), \(user.email), \(user.name), \(passwordHash), \(user.role.rawValue), \(user.createdAt),
                    \(user.updatedAt))
            """)
    }

    func user(_ id: UserID, in db: any DatabaseConnection) throws -> User? {
        try db.fetchOne("SELECT * FROM user_account WHERE id = \(id) AND erased_at IS NULL").map(User.init)
    }

    /// With the hash of the password; nil = there is no such account.
    func login(email: String, in db: any DatabaseConnection) throws -> (user: User, hash: String?)? {
        try db.fetchOne("SELECT * FROM user_account WHERE email = \(email) AND erased_at IS NULL")
            .map { (try User(row: $0), try $0.optionalString("password_hash")) }
    }

    func isKnown(email: String, in db: any DatabaseConnection) throws -> Bool {
        try db.fetchOne("SELECT 1 AS one FROM user_account WHERE email = \(email)") != nil
    }

    func setPassword(_ hash: String, of user: UserID, in db: any DatabaseConnection) throws {
        try db.execute(
            "UPDATE user_account SET password_hash = \(hash), updated_at = \(Timestamp.now) WHERE id = \(user)")
    }

    func setProfile(
        email: String?, name: String?, of user: UserID, at moment: Timestamp, in db: any DatabaseConnection
    ) throws {
        try db.execute(
            """
            UPDATE user_account SET email = \(email), name = \(name), updated_at = \(moment) WHERE id = \(user)
            """)
    }

    func passwordHash(of user: UserID, in db: any DatabaseConnection) throws -> String? {
        try db.fetchOne("SELECT password_hash FROM user_account WHERE id = \(user) AND erased_at IS NULL")?
            .optionalString("password_hash")
    }

    /// Whether nobody has an account: the first one becomes the owner of the installation.
    func isEmpty(in db: any DatabaseConnection) throws -> Bool {
        try db.fetchOne("SELECT 1 AS one FROM user_account WHERE erased_at IS NULL LIMIT 1") == nil
    }

    /// Whether somebody had an account who was erased.
    func hasHadOwner(in db: any DatabaseConnection) throws -> Bool {
        try db.fetchOne("SELECT 1 AS one FROM user_account WHERE erased_at IS NOT NULL LIMIT 1") != nil
    }

    func insert(_ organization: Organization, in db: any DatabaseConnection) throws {
        try db.execute(
            """
            INSERT INTO organization (id, slug, name, tier, created_at)
            VALUES (\(organization.id), \(organization.slug), \(organization.name), \(organization.tier.rawValue),
                    \(organization.createdAt))
            """)
    }

    func rename(
        _ organization: OrganizationID, to name: String, slug: String, in db: any DatabaseConnection
    ) throws {
        try db.execute("UPDATE organization SET name = \(name), slug = \(slug) WHERE id = \(organization)")
    }

    func setTier(_ tier: OrganizationTier, of organization: OrganizationID, in db: any DatabaseConnection) throws {
        try db.execute("UPDATE organization SET tier = \(tier.rawValue) WHERE id = \(organization)")
    }

    /// What the command line has made without a clock gets its time when it becomes somebody's.
    func claim(
        _ organization: OrganizationID, at moment: Timestamp, in db: any DatabaseConnection
    ) throws -> Organization? {
        try db.execute(
            "UPDATE organization SET created_at = \(moment) WHERE id = \(organization) AND created_at = 0")
        try db.execute(
            """
            UPDATE project SET created_at = \(moment), updated_at = \(moment)
            WHERE organization_id = \(organization) AND created_at = 0
            """)
        return try self.organization(organization, in: db)
    }

    func isTaken(slug: String, in db: any DatabaseConnection) throws -> Bool {
        try db.fetchOne("SELECT 1 AS one FROM organization WHERE slug = \(slug)") != nil
    }

    func organization(_ id: OrganizationID, in db: any DatabaseConnection) throws -> Organization? {
        try db.fetchOne("SELECT * FROM organization WHERE id = \(id)").map(Organization.init)
    }

    func insert(
        member user: UserID, of organization: OrganizationID, _ role: Role, in db: any DatabaseConnection
    ) throws {
        try db.execute(
            """
            INSERT INTO organization_member (organization_id, user_id, role, created_at)
            VALUES (\(organization), \(user), \(role.rawValue), \(Timestamp.now))
            """)
    }

    /// Those of a person, the one that was joined first on top.
    func organizations(of user: UserID, in db: any DatabaseConnection) throws -> [(Organization, Role)] {
        try db.fetch(
            """
            SELECT o.*, m.role FROM organization_member m JOIN organization o ON o.id = m.organization_id
            WHERE m.user_id = \(user) ORDER BY m.created_at, o.id
            """
        ).map { (try Organization(row: $0), try $0.role("role")) }
    }

    /// The same in pages, the newest on top.
    func organizations(
        of user: UserID, _ page: PageRequest, in db: any DatabaseConnection
    ) throws -> [(Organization, Role)] {
        let after: SQL = page.after.map { "AND o.id < \($0.text)" } ?? ""
        return try db.fetch(
            """
            SELECT o.*, m.role FROM organization_member m JOIN organization o ON o.id = m.organization_id
            WHERE m.user_id = \(user) \(after) ORDER BY o.id DESC LIMIT \(page.limit + 1)
            """
        ).map { (try Organization(row: $0), try $0.role("role")) }
    }

    /// All that there are, the newest on top.
    func organizations(_ page: PageRequest, in db: any DatabaseConnection) throws -> [Organization] {
        let after: SQL = page.after.map { "WHERE id < \($0.text)" } ?? ""
        return try db.fetch("SELECT * FROM organization \(after) ORDER BY id DESC LIMIT \(page.limit + 1)")
            .map(Organization.init)
    }

    func insertProject(
        _ project: ProjectReference, of organization: OrganizationID, in db: any DatabaseConnection
    ) throws {
        try db.execute(
            """
            INSERT INTO project (id, organization_id, slug, name, created_at, updated_at)
            VALUES (\(project.id), \(organization), \(project.slug), \(project.name), \(Timestamp.now),
                    \(Timestamp.now))
            """)
    }

    func firstProject(of organization: OrganizationID, in db: any DatabaseConnection) throws -> ProjectReference? {
        try db.fetchOne(
            """
            SELECT id, slug, name FROM project WHERE organization_id = \(organization) ORDER BY created_at, id LIMIT 1
            """
        ).map { ProjectReference(id: try $0.id("id"), slug: try $0.string("slug"), name: try $0.string("name")) }
    }
}

extension User {
    init(row: Row) throws {
        self.init(
            id: try row.id("id"), email: try row.optionalString("email"), name: try row.optionalString("name"),
            role: try row.role("role"), createdAt: try row.timestamp("created_at"),
            updatedAt: try row.timestamp("updated_at"))
    }
}

extension Organization {
    init(row: Row) throws {
        self.init(
            id: try row.id("id"), slug: try row.string("slug"), name: try row.string("name"),
            tier: OrganizationTier(rawValue: try row.string("tier")) ?? .free,
            createdAt: try row.timestamp("created_at"))
    }
}

extension Row {
    func role(_ column: String) throws -> Role {
        guard let role = Role(rawValue: try string(column)) else {
            throw EdisonError(.internal, "The column \"\(column)\" holds no role.")
        }
        return role
    }
}
