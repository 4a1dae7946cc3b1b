import EdisonCore
import EdisonSQL

/// All accounts of the installation, for whoever runs it.
struct UserStore: Sendable {
    func users(_ page: PageRequest, in db: any DatabaseConnection) throws -> [User] {
        let after: SQL = page.after.map { "AND id < \($0.text)" } ?? ""
        return try db.fetch(
            """
            SELECT * FROM user_account WHERE erased_at IS NULL \(after) ORDER BY id DESC LIMIT \(page.limit + 1)
            """
        ).map(User.init)
    }

    /// Nobody else changes who owns the installation until the transaction ends.
    func lockOwners(in db: any DatabaseConnection) throws -> [UserID] {
        try db.fetch(
            """
            SELECT id FROM user_account WHERE role = 'owner' AND erased_at IS NULL ORDER BY id\(db.dialect.lockRows)
            """
        ).map { try $0.id("id") }
    }

    func hasOthers(than user: UserID, in db: any DatabaseConnection) throws -> Bool {
        try db.fetchOne("SELECT 1 AS one FROM user_account WHERE erased_at IS NULL AND id <> \(user) LIMIT 1") != nil
    }

    func setRole(_ role: Role, of user: UserID, at moment: Timestamp, in db: any DatabaseConnection) throws {
        try db.execute(
            "UPDATE user_account SET role = \(role.rawValue), updated_at = \(moment) WHERE id = \(user)")
    }

    /// What people are called at the moment: name, else e-mail address; those who were erased have none.
    func names(of users: [UserID], in db: any DatabaseConnection) throws -> [UserID: String] {
        let rows = try db.fetch(
            """
            SELECT id, COALESCE(name, email) AS shown FROM user_account
            WHERE erased_at IS NULL AND id IN (\(list: users))
            """)
        var names: [UserID: String] = [:]
        for row in rows { names[try row.id("id")] = try row.optionalString("shown") }
        return names
    }
}
