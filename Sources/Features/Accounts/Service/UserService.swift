package import EdisonCore
package import EdisonEvents
package import EdisonSQL
import EdisonWeb

/// A part of what other features know of a person: handed out with the person's data, and taken away with it.
package struct PersonalDataSource: Sendable {
    /// The key in the export: `labels`.
    package let name: String
    package let export: @Sendable (UserID, any DatabaseConnection) throws -> JSONValue
    /// Takes away what tells of the person; ids may stay.
    package let erase: @Sendable (UserID, any DatabaseConnection) throws -> Void

    package init(
        _ name: String, export: @escaping @Sendable (UserID, any DatabaseConnection) throws -> JSONValue,
        erase: @escaping @Sendable (UserID, any DatabaseConnection) throws -> Void
    ) {
        self.name = name
        self.export = export
        self.erase = erase
    }
}

/// Looks after accounts as a whole: their data, their end, and for whoever runs the installation their roles.
package struct UserService: Sendable {
    let accounts: AccountService
    let sources: [PersonalDataSource]
    private let data = PersonalDataStore()
    private var database: Database { accounts.database }

    package init(accounts: AccountService, sources: [PersonalDataSource] = []) {
        self.accounts = accounts
        self.sources = sources
    }

    package func users(_ page: PageRequest) async throws -> Listing<User> {
        let found = try await database.read { db in try accounts.users.users(page, in: db) }
        return Listing(found, page) { Cursor($0.id.text) }
    }

    /// - Parameter role: of whoever changes it, in the installation.
    package func setRole(_ next: Role, of user: UserID, by actor: Actor, with role: Role) async throws -> User {
        let moment = accounts.now()
        return try await database.write { db in
            let owners = try accounts.users.lockOwners(in: db)
            guard let present = try accounts.accounts.user(user, in: db) else { throw Self.unknown }
            try RoleRules.check(
                .init(
                    by: role, present: present.role, next: next, isOwn: actor.user == user,
                    isLastOwner: owners == [user]))
            try accounts.users.setRole(next, of: user, at: moment, in: db)
            try accounts.audit.record(
                "user.role_changed", of: ("user", user.text), by: actor,
                changes: ["before": .string(present.role.rawValue), "after": .string(next.rawValue)], db)
            return try accounts.accounts.user(user, in: db) ?? present
        }
    }

    /// Everything that is known of a person.
    package func export(_ user: UserID, by actor: Actor) async throws -> JSONValue {
        try await database.write { db in
            guard let found = try accounts.accounts.user(user, in: db) else { throw Self.unknown }
            var whole: JSONObject = ["account": User.shape.json(found)]
            for (name, part) in try data.export(user, email: found.email, in: db) { whole[name] = part }
            for source in sources { whole[source.name] = try source.export(user, db) }
            try accounts.note("user.exported", about: user, by: actor, db)
            return .object(whole)
        }
    }

    /// Erases oneself, which needs the password where there is one.
    package func erase(_ user: UserID, password: String?, by actor: Actor) async throws {
        try await accounts.requirePassword(password, of: user)
        try await erase(user, by: actor, with: .owner)
    }

    /// Takes away everything that tells of the person; ids stay, so that what was done stays known as somebody's.
    /// - Parameter role: of whoever erases, in the installation.
    package func erase(_ user: UserID, by actor: Actor, with role: Role) async throws {
        let moment = accounts.now()
        try await database.write { db in
            guard let found = try accounts.accounts.user(user, in: db) else { throw Self.unknown }
            if actor.user != user {
                try RoleRules.check(.init(by: role, present: found.role, next: nil, isOwn: false, isLastOwner: false))
            }
            try requireHandedOver(found, db)
            let organizations = try accounts.accounts.organizations(of: user, in: db).map(\.0)
            // Before the memberships go, which say where admins find it.
            try accounts.note("user.erased", about: user, by: actor, db)
            for source in sources { try source.erase(user, db) }
            for organization in organizations where ErasedName.tells(organization, of: found) {
                try accounts.accounts.rename(
                    organization.id, to: ErasedName.name(of: organization.id),
                    slug: ErasedName.slug(of: organization.id), in: db)
            }
            try data.erase(user, email: found.email, at: moment, in: db)
        }
    }

    /// What others are in needs an owner.
    private func requireHandedOver(_ user: User, _ db: any DatabaseConnection) throws {
        let owned = try accounts.accounts.organizations(of: user.id, in: db).map(\.0).filter { organization in
            try accounts.members.lockOwners(of: organization.id, in: db) == [user.id]
                && accounts.members.count(of: organization.id, in: db) > 1
        }
        if !owned.isEmpty {
            throw EdisonError(
                .conflict, "The last owner of an organization that others are in cannot be erased.",
                detail: "Make somebody else owner of \(owned.map(\.slug).joined(separator: ", ")) first.")
        }
        guard try accounts.users.lockOwners(in: db) == [user.id], try accounts.users.hasOthers(than: user.id, in: db)
        else { return }
        throw EdisonError(
            .conflict, "The last owner of the installation cannot be erased.",
            detail: "Make somebody else owner first: PATCH /api/v1/users/ID with the role owner.")
    }

    private static var unknown: EdisonError { EdisonError(.notFound, "There is no such person.") }
}
