import EdisonCore
import EdisonSQL

/// Every SQL statement of whom shared budgets belong to, and of the thresholds that they reached.
struct BudgetStore: Sendable {
    /// The row beside a budget's own.
    struct Entry: Sendable {
        let budget: String
        let owner: BudgetOwner
        let name: String
        let updatedAt: Timestamp
    }

    func insert(_ entry: Entry, by user: UserID?, in db: any DatabaseConnection) throws {
        let owner = entry.owner
        try db.execute(
            """
            INSERT INTO tenant_budget
                (budget_id, organization_id, project_id, user_id, credential_id, name, created_by, updated_at)
            VALUES
                (\(entry.budget), \(owner.organization), \(owner.project), \(owner.user), \(owner.credential),
                 \(entry.name), \(user), \(entry.updatedAt))
            """)
    }

    func update(_ id: String, name: String, updatedAt: Timestamp, in db: any DatabaseConnection) throws {
        try db.execute(
            "UPDATE tenant_budget SET name = \(name), updated_at = \(updatedAt) WHERE budget_id = \(id)")
    }

    func delete(_ id: String, in db: any DatabaseConnection) throws {
        try db.execute("DELETE FROM tenant_budget WHERE budget_id = \(id)")
    }

    func entry(_ id: String, locked: Bool = false, in db: any DatabaseConnection) throws -> Entry? {
        let lock: SQL = locked ? "\(db.dialect.lockRows)" : ""
        return try db.fetchOne("SELECT * FROM tenant_budget WHERE budget_id = \(id)\(lock)").map(Entry.init)
    }

    /// Newest first: of one project, or of all of the organisation.
    func entries(
        of organization: OrganizationID, project: ProjectID?, _ page: PageRequest, in db: any DatabaseConnection
    ) throws -> [Entry] {
        let only: SQL = project.map { "AND project_id = \($0)" } ?? ""
        let after: SQL = page.after.map { "AND budget_id < \($0.text)" } ?? ""
        return try db.fetch(
            """
            SELECT * FROM tenant_budget WHERE organization_id = \(organization) \(only) \(after)
            ORDER BY budget_id DESC LIMIT \(page.limit + 1)
            """
        ).map(Entry.init)
    }

    /// Of what a person spends, in the organisations that the person is in.
    func entries(of user: UserID, in db: any DatabaseConnection) throws -> [Entry] {
        try db.fetch(
            """
            SELECT b.* FROM tenant_budget b
            JOIN organization_member m ON m.organization_id = b.organization_id AND m.user_id = b.user_id
            WHERE b.user_id = \(user) ORDER BY b.budget_id DESC
            """
        ).map(Entry.init)
    }

    /// Nobody else changes the organization until the transaction ends.
    func hold(_ organization: OrganizationID, in db: any DatabaseConnection) throws {
        _ = try db.fetchOne("SELECT id FROM organization WHERE id = \(organization)\(db.dialect.lockRows)")
    }

    func projects(of organization: OrganizationID, in db: any DatabaseConnection) throws -> [ProjectID] {
        try db.fetch("SELECT id FROM project WHERE organization_id = \(organization) ORDER BY id")
            .map { try $0.id("id") }
    }

    /// What people call the project, else the organization.
    func placeName(_ owner: BudgetOwner, in db: any DatabaseConnection) throws -> String {
        let row =
            try owner.project.map { try db.fetchOne("SELECT name FROM project WHERE id = \($0)") }
            ?? db.fetchOne("SELECT name FROM organization WHERE id = \(owner.organization)")
        return try row?.string("name") ?? ""
    }

    func isMember(
        _ user: UserID, of organization: OrganizationID, in db: any DatabaseConnection
    ) throws -> Bool {
        try db.fetchOne(
            """
            SELECT 1 AS one FROM organization_member
            WHERE organization_id = \(organization) AND user_id = \(user)\(db.dialect.lockReferenced)
            """) != nil
    }

    func hasCredential(_ id: String, of project: ProjectID, in db: any DatabaseConnection) throws -> Bool {
        try db.fetchOne(
            """
            SELECT 1 AS one FROM provider_credential
            WHERE id = \(id) AND project_id = \(project)\(db.dialect.lockReferenced)
            """) != nil
    }
}

extension BudgetStore.Entry {
    init(row: Row) throws {
        self.init(
            budget: try row.string("budget_id"),
            owner: BudgetOwner(
                organization: try row.id("organization_id"), project: try row.optionalID("project_id"),
                user: try row.optionalID("user_id"), credential: try row.optionalString("credential_id")),
            name: try row.string("name"), updatedAt: try row.timestamp("updated_at"))
    }
}
