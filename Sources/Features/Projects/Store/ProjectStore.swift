import EdisonCore
import EdisonSQL

/// Every SQL statement of projects and who has a part in them.
struct ProjectStore: Sendable {
    func insert(_ project: Project, in db: any DatabaseConnection) throws {
        try db.execute(
            """
            INSERT INTO project (id, organization_id, slug, name, description, settings, created_at, updated_at)
            VALUES (\(project.id), \(project.organization), \(project.slug), \(project.name), \(project.description),
                    \(JSONValue.object(project.settings)), \(project.createdAt), \(project.updatedAt))
            """)
    }

    func update(_ project: Project, in db: any DatabaseConnection) throws {
        try db.execute(
            """
            UPDATE project SET slug = \(project.slug), name = \(project.name), description = \(project.description),
                settings = \(JSONValue.object(project.settings)), updated_at = \(project.updatedAt)
            WHERE id = \(project.id)
            """)
    }

    func project(_ id: ProjectID, locked: Bool = false, in db: any DatabaseConnection) throws -> Project? {
        let lock: SQL = locked ? "\(db.dialect.lockRows)" : ""
        return try db.fetchOne("SELECT * FROM project WHERE id = \(id)\(lock)").map(Project.init)
    }

    func count(of organization: OrganizationID, in db: any DatabaseConnection) throws -> Int {
        try db.fetchOne("SELECT COUNT(*) AS projects FROM project WHERE organization_id = \(organization)")?
            .int("projects") ?? 0
    }

    func isTaken(slug: String, in organization: OrganizationID, but id: ProjectID, _ db: any DatabaseConnection) throws
        -> Bool
    {
        try db.fetchOne(
            """
            SELECT 1 AS one FROM project WHERE organization_id = \(organization) AND slug = \(slug) AND id <> \(id)
            """) != nil
    }

    /// The projects that a person has a part in, newest first.
    func projects(of user: UserID, _ page: PageRequest, in db: any DatabaseConnection) throws -> [Project] {
        let after: SQL = page.after.map { "AND p.id < \($0.text)" } ?? ""
        return try db.fetch(
            """
            SELECT p.* FROM project p WHERE (
                p.organization_id IN (SELECT organization_id FROM organization_member WHERE user_id = \(user))
                OR p.id IN (SELECT project_id FROM project_member WHERE user_id = \(user))) \(after)
            ORDER BY p.id DESC LIMIT \(page.limit + 1)
            """
        ).map(Project.init)
    }

    /// Those that a key may see.
    func projects(of key: KeyPrincipal, _ page: PageRequest, in db: any DatabaseConnection) throws -> [Project] {
        let after: SQL = page.after.map { "AND id < \($0.text)" } ?? ""
        let only: SQL = key.project.map { "AND id = \($0)" } ?? ""
        return try db.fetch(
            """
            SELECT * FROM project WHERE organization_id = \(key.organization) \(only) \(after)
            ORDER BY id DESC LIMIT \(page.limit + 1)
            """
        ).map(Project.init)
    }

    /// Whether anything has been made in it that a deletion would take away.
    func isEmpty(_ project: ProjectID, in db: any DatabaseConnection) throws -> Bool {
        for statement: SQL in [
            "SELECT 1 AS one FROM experiment WHERE project_id = \(project) LIMIT 1",
            "SELECT 1 AS one FROM prompt WHERE project_id = \(project) LIMIT 1",
            "SELECT 1 AS one FROM dataset WHERE project_id = \(project) LIMIT 1",
        ] where try db.fetchOne(statement) != nil { return false }
        return true
    }

    func delete(_ project: ProjectID, in db: any DatabaseConnection) throws {
        try db.execute("DELETE FROM project WHERE id = \(project)")
    }

    func members(of project: ProjectID, in db: any DatabaseConnection) throws -> [ProjectMember] {
        try db.fetch(
            """
            SELECT m.user_id, m.role, m.created_at, u.email, u.name FROM project_member m
            JOIN user_account u ON u.id = m.user_id WHERE m.project_id = \(project) ORDER BY m.created_at, m.user_id
            """
        ).map { row in
            ProjectMember(
                user: try row.id("user_id"), email: try row.optionalString("email"),
                name: try row.optionalString("name"), role: Role(rawValue: try row.string("role")) ?? .viewer,
                createdAt: try row.timestamp("created_at"))
        }
    }

    /// Only people of the organisation's own, so that no project opens a door for others.
    func isOfOrganization(_ user: UserID, _ project: ProjectID, in db: any DatabaseConnection) throws -> Bool {
        try db.fetchOne(
            """
            SELECT 1 AS one FROM organization_member m JOIN project p ON p.organization_id = m.organization_id
            WHERE p.id = \(project) AND m.user_id = \(user)
            """) != nil
    }

    func setMember(_ user: UserID, _ role: Role, of project: ProjectID, in db: any DatabaseConnection) throws {
        try db.execute(
            """
            INSERT INTO project_member (project_id, user_id, role, created_at)
            VALUES (\(project), \(user), \(role.rawValue), \(Timestamp.now))
            ON CONFLICT (project_id, user_id) DO UPDATE SET role = excluded.role
            """)
    }

    /// In the project itself; nil: none.
    func role(
        of user: UserID, in project: ProjectID, locked: Bool, _ db: any DatabaseConnection
    ) throws -> Role? {
        let lock: SQL = locked ? "\(db.dialect.lockRows)" : ""
        return try db.fetchOne(
            "SELECT role FROM project_member WHERE project_id = \(project) AND user_id = \(user)\(lock)"
        ).flatMap { Role(rawValue: try $0.string("role")) }
    }

    func removeMember(_ user: UserID, of project: ProjectID, in db: any DatabaseConnection) throws -> Bool {
        try db.execute("DELETE FROM project_member WHERE project_id = \(project) AND user_id = \(user)") > 0
    }
}

extension Project {
    init(row: Row) throws {
        self.init(
            id: try row.id("id"), organization: try row.id("organization_id"), slug: try row.string("slug"),
            name: try row.string("name"), description: try row.string("description"),
            settings: try row.json("settings").object ?? [:], createdAt: try row.timestamp("created_at"),
            updatedAt: try row.timestamp("updated_at"))
    }
}
