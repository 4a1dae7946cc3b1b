package import EdisonCore
import EdisonEvents
package import EdisonQuotas
package import EdisonSQL
package import EdisonSecrets

package typealias TierObserver =
    @Sendable (OrganizationID, OrganizationTier, any DatabaseConnection) throws -> Void

/// Makes accounts, and lets people in and out.
package struct AccountService: Sendable {
    /// Of refresh tokens and of pages' cookies, from their last use on.
    package static let sessionLifetime: Duration = .seconds(30 * 24 * 3600)

    let database: Database
    let passwords: Passwords
    let tokens: AccessTokens
    let registration: RegistrationPolicy
    /// Whether the first owner needs no e-mail address and password: who can reach the server sits at the machine.
    let trustsFirstLink: Bool
    let quotas: Quotas
    /// Told of each organization that has another tier now, inside the transaction that gave it.
    let onTier: TierObserver
    let audit = AuditTrail()
    let accounts = AccountStore()
    let members = MemberStore()
    let sessions = SessionStore()
    let invitations = InvitationStore()
    let links = LinkStore()
    let users = UserStore()
    let throttle = LoginThrottle()
    let now: @Sendable () -> Timestamp

    package init(
        database: Database, passwords: Passwords, tokens: AccessTokens, registration: RegistrationPolicy,
        trustsFirstLink: Bool = false, quotas: Quotas = .unlimited,
        onTier: @escaping TierObserver = { _, _, _ in }, now: @escaping @Sendable () -> Timestamp = { .now }
    ) {
        self.database = database
        self.passwords = passwords
        self.tokens = tokens
        self.registration = registration
        self.trustsFirstLink = trustsFirstLink
        self.quotas = quotas
        self.onTier = onTier
        self.now = now
    }

    package func user(_ id: UserID) async throws -> User {
        guard let user = try await database.glance({ db in try accounts.user(id, in: db) }) else {
            throw EdisonError(.unauthenticated, "Unauthorized")
        }
        return user
    }

    /// With the organizations, in one reading.
    package func person(_ id: UserID) async throws -> (User, [(organization: Organization, role: Role)]) {
        let found = try await database.glance { db in
            try accounts.user(id, in: db).map { ($0, try accounts.organizations(of: id, in: db)) }
        }
        guard let found else { throw EdisonError(.unauthenticated, "Unauthorized") }
        return (found.0, found.1.map { (organization: $0.0, role: $0.1) })
    }

    package func organizations(of user: UserID) async throws -> [(organization: Organization, role: Role)] {
        try await database.glance { db in try accounts.organizations(of: user, in: db) }
            .map { (organization: $0.0, role: $0.1) }
    }

    /// What people are called at the moment; those who were erased are not in it.
    package func names(of people: [UserID]) async throws -> [UserID: String] {
        try await database.read { db in try users.names(of: people, in: db) }
    }

    /// Writes down what concerns a person alone where admins look for it: in each organisation of that person.
    func note(
        _ action: String, about user: UserID, by actor: Actor, metadata: JSONValue = .null,
        _ db: any DatabaseConnection
    ) throws {
        let organizations = try accounts.organizations(of: user, in: db).map { Optional($0.0.id) }
        for organization in organizations.isEmpty ? [nil] : organizations {
            var actor = actor
            actor.organization = organization
            try audit.record(action, of: ("user", user.text), by: actor, metadata: metadata, db)
        }
    }
}
