package import EdisonCore
import EdisonEvents
package import EdisonSQL
import EdisonSchema
package import EdisonSecrets

/// Makes accounts, and lets people in and out.
package struct AccountService: Sendable {
    package static let refreshLifetime: Duration = .seconds(30 * 24 * 3600)

    let database: Database
    let passwords: Passwords
    let tokens: AccessTokens
    let audit = AuditTrail()
    let registration: RegistrationPolicy
    let accounts = AccountStore()
    let sessions = SessionStore()
    let throttle = LoginThrottle()
    let now: @Sendable () -> Timestamp

    package init(
        database: Database, passwords: Passwords, tokens: AccessTokens, registration: RegistrationPolicy,
        now: @escaping @Sendable () -> Timestamp = { .now }
    ) {
        self.database = database
        self.passwords = passwords
        self.tokens = tokens
        self.registration = registration
        self.now = now
    }

    /// Makes an account with an organisation and its project `default`. The first account of a database owns the
    /// installation, and takes over what the command line has made there.
    package func register(_ wish: Registration, client: String?) async throws -> SignedIn {
        guard registration == .open else {
            throw EdisonError(
                .forbidden, "Nobody can register here without an invitation.", detail: "Ask an owner to invite you.")
        }
        let hash = try await passwords.hash(wish.password)
        let moment = now()
        let made = try await database.write { db in
            if try accounts.isKnown(email: wish.email, in: db) {
                throw EdisonError(
                    .conflict, "There is an account with this e-mail address already.", detail: "Log in with it.",
                    issues: [FieldIssue(path: "email", message: "is taken")])
            }
            let isFirst = try accounts.isEmpty(in: db)
            let user = User(
                id: IDSource.random.next(), email: wish.email, name: wish.name, role: isFirst ? .owner : .editor,
                createdAt: moment, updatedAt: moment)
            try accounts.insert(user, passwordHash: hash, in: db)
            let home = try home(of: user, named: wish.organizationName, takesLocal: isFirst, in: db)
            let actor = Actor(organization: home.organization.id, user: user.id)
            try audit.record("user.registered", of: ("user", user.id.text), by: actor, db)
            return (user, home)
        }
        return try await signedIn(made.0, made.1.organization, made.1.project, client: client)
    }

    /// The organisation that somebody owns from the beginning, with its first project.
    func home(
        of user: User, named name: String, takesLocal: Bool, in db: any DatabaseConnection
    ) throws -> (organization: Organization, project: ProjectReference) {
        let local = OrganizationID(LocalTenant.organization)
        if takesLocal, let organization = try accounts.organization(local, in: db),
            let project = try accounts.firstProject(of: local, in: db)
        {
            try accounts.rename(local, to: name, in: db)
            try accounts.insert(member: user.id, of: local, .owner, in: db)
            let renamed = Organization(
                id: local, slug: organization.slug, name: name, tier: organization.tier,
                createdAt: organization.createdAt)
            return (renamed, project)
        }
        let organization = Organization(
            id: IDSource.random.next(), slug: try freeSlug(for: name, in: db), name: name, tier: .free,
            createdAt: now())
        try accounts.insert(organization, in: db)
        try accounts.insert(member: user.id, of: organization.id, .owner, in: db)
        let project = ProjectReference(id: IDSource.random.next(), slug: "default", name: "Default")
        try accounts.insertProject(project, of: organization.id, in: db)
        return (organization, project)
    }

    private func freeSlug(for name: String, in db: any DatabaseConnection) throws -> String {
        let slug = Slug.of(name)
        guard try accounts.isTaken(slug: slug, in: db) else { return slug }
        // Numbers would tell how many others there are.
        return "\(slug)-\(RandomToken.bytes(3).map { String($0, radix: 36) }.joined())"
    }

    /// - Parameter address: where it comes from, for the throttle.
    package func logIn(email: String, password: String, address: String, client: String?) async throws -> SignedIn {
        let names = ["account \(email)", "address \(address)"]
        let moment = now()
        let found = try await database.read { db in
            try throttle.check(names, at: moment, in: db)
            return try accounts.login(email: email, in: db)
        }
        guard try await passwords.matches(password, found?.hash), let user = found?.user else {
            try await database.write { db in
                try throttle.fail(names, at: moment, in: db)
                try audit.record(
                    "user.login_failed", of: ("user", found?.user.id.text ?? ""), by: Actor(user: found?.user.id), db)
            }
            throw EdisonError(.unauthenticated, "E-mail address or password is wrong.")
        }
        let renewed = Passwords.isWeak(found?.hash ?? "") ? try await passwords.hash(password) : nil
        let home = try await database.write { db in
            try throttle.succeed(names, in: db)
            if let renewed { try accounts.setPassword(renewed, of: user.id, in: db) }
            let organization = try accounts.organizations(of: user.id, in: db).first?.0
            try audit.record(
                "user.logged_in", of: ("user", user.id.text),
                by: Actor(organization: organization?.id, user: user.id), db)
            return (organization, try organization.flatMap { try accounts.firstProject(of: $0.id, in: db) })
        }
        return try await signedIn(user, home.0, home.1, client: client)
    }

    func signedIn(
        _ user: User, _ organization: Organization?, _ project: ProjectReference?, client: String?
    ) async throws -> SignedIn {
        let refresh = RandomToken(prefix: "edr_")
        let session = IDSource.random.next(SessionStore.self).text
        let end = now().advanced(by: Self.refreshLifetime)
        try await database.write { db in
            try sessions.insert(
                session, of: user.id, .api, digest: refresh.digest, client: client, expiresAt: end, in: db)
        }
        return SignedIn(
            user: user, organization: organization, project: project,
            accessToken: try await tokens.token(.init(user: user.id, session: session), now: now()),
            refreshToken: refresh.text, expiresIn: Int(AccessTokens.lifetime.components.seconds))
    }
}
