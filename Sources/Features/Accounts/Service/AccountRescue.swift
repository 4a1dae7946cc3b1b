package import EdisonCore
import EdisonEvents
package import EdisonSQL
import EdisonSecrets

/// Lets people in again who are locked out: for whoever has the database itself, and so needs no account.
package struct AccountRescue: Sendable {
    private let database: Database
    private let audit = AuditTrail()
    private let accounts = AccountStore()
    private let users = UserStore()
    private let links = LinkStore()
    private let sessions = SessionStore()

    package init(database: Database) { self.database = database }

    /// Everybody, newest first, each with the organisations and the role there.
    package func people() async throws -> [(user: User, organizations: [(organization: Organization, role: Role)])] {
        try await database.read { db in
            var found: [User] = []
            var page = PageRequest(limit: PageRequest.maximumLimit)
            while true {
                let listing = Listing(try users.users(page, in: db), page) { Cursor($0.id.text) }
                found += listing.items
                guard let next = listing.next else { break }
                page = PageRequest(limit: PageRequest.maximumLimit, after: next)
            }
            return try found.map { user in
                (user, try accounts.organizations(of: user.id, in: db).map { (organization: $0.0, role: $0.1) })
            }
        }
    }

    /// The token of a link that signs in once.
    /// - Parameter name: e-mail address or id; nil: the only owner of the installation, or the first one to come.
    package func link(for name: String?) async throws -> (token: String, user: User?) {
        let token = RandomToken(prefix: "edl_")
        let moment = Timestamp.now
        return try await database.write { db in
            let user = try person(name, db)
            try links.insert(
                digest: token.digest, for: user?.id, at: moment,
                expiresAt: moment.advanced(by: AccountService.linkLifetime), in: db)
            if let user { try note("user.link_made", user.id, db) }
            return (token.text, user)
        }
    }

    /// Gives somebody a new password, and ends all of the person's sessions.
    package func setPassword(_ password: String, of name: String) async throws -> User {
        guard password.unicodeScalars.count >= 10 else {
            throw EdisonError(.invalid, "A password has at least 10 characters.")
        }
        let passwords = Passwords(width: 1)
        defer { passwords.end() }
        let hash = try await passwords.hash(password)
        let moment = Timestamp.now
        return try await database.write { db in
            guard let user = try person(name, db) else { throw Self.unknown(name) }
            guard user.email != nil else {
                throw EdisonError(
                    .invalid, "\(name) has no e-mail address to log in with.",
                    detail: "Sign in by a link and give one: edison user link \(user.id)")
            }
            try accounts.setPassword(hash, of: user.id, in: db)
            try sessions.revokeAll(of: user.id, at: moment, in: db)
            try links.removeAll(of: user.id, in: db)
            if let email = user.email { try LoginThrottle().forget(email: email, in: db) }
            try note("user.password_reset", user.id, db)
            return user
        }
    }

    private func person(_ name: String?, _ db: any DatabaseConnection) throws -> User? {
        if let name {
            guard
                let user = try accounts.login(email: name.lowercased(), in: db)?.user
                    ?? accounts.user(UserID(name), in: db)
            else { throw Self.unknown(name) }
            return user
        }
        if try accounts.isEmpty(in: db) { return nil }
        let owners = try users.lockOwners(in: db)
        guard owners.count == 1, let user = try accounts.user(owners[0], in: db) else {
            throw EdisonError(
                .invalid, "There are \(owners.count) owners.", detail: "Name one of them: edison user link EMAIL")
        }
        return user
    }

    private func note(_ action: String, _ user: UserID, _ db: any DatabaseConnection) throws {
        let organizations = try accounts.organizations(of: user, in: db).map { Optional($0.0.id) }
        for organization in organizations.isEmpty ? [nil] : organizations {
            try audit.record(
                action, of: ("user", user.text), by: Actor(organization: organization),
                metadata: ["by": "command line"], db)
        }
    }

    private static func unknown(_ name: String) -> EdisonError {
        EdisonError(.notFound, "There is no account \(name).", detail: "All of them: edison user list")
    }
}
