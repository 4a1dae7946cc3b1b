package import EdisonCore
import EdisonEvents
import EdisonSQL
import EdisonSecrets

extension AccountService {
    /// - Parameter address: where it comes from, for the throttle.
    package func logIn(
        email: String, password: String, address: String, client: String?, request: String? = nil
    ) async throws -> SignedIn {
        let user = try await verified(email: email, password: password, address: address, request: request)
        return try await signedIn(user, client: client, noting: "user.logged_in", request: request)
    }

    /// The same for a browser: what it holds then is a cookie.
    package func openPage(
        email: String, password: String, address: String, client: String?, request: String? = nil
    ) async throws -> SignedInPage {
        let user = try await verified(email: email, password: password, address: address, request: request)
        return try await database.write { db in
            try note("user.logged_in", about: user.id, by: Actor(user: user.id, request: request), db)
            return try page(of: user, client: client, db)
        }
    }

    func page(of user: User, client: String?, _ db: any DatabaseConnection) throws -> SignedInPage {
        let cookie = RandomToken(prefix: "eds_")
        let moment = now()
        try sessions.insert(
            IDSource.random.next(SessionStore.self).text, of: user.id, .page, digest: cookie.digest, client: client,
            at: moment, expiresAt: moment.advanced(by: Self.sessionLifetime), in: db)
        return SignedInPage(user: user, cookie: cookie.text, csrf: PageSession.csrf(of: cookie.text))
    }

    private func verified(
        email: String, password: String, address: String, request: String?
    ) async throws -> User {
        let names = LoginThrottle.names(email: email, address: address)
        let moment = now()
        let found = try await database.write { db in
            try throttle.count(names, at: moment, in: db)
            return try accounts.login(email: email, in: db)
        }
        guard try await matches(password, found?.hash, names), let user = found?.user else {
            try await database.write { db in
                if let user = found?.user.id {
                    try note("user.login_failed", about: user, by: Actor(request: request), db)
                } else {
                    try audit.record("user.login_failed", of: ("user", ""), by: Actor(request: request), db)
                }
            }
            throw EdisonError(.unauthenticated, "E-mail address or password is wrong.")
        }
        let renewed = Passwords.isWeak(found?.hash ?? "") ? try await passwords.hash(password) : nil
        try await database.write { db in
            try throttle.succeed(names, at: moment, in: db)
            if let renewed { try accounts.setPassword(renewed, of: user.id, in: db) }
        }
        return user
    }

    /// What was not looked at is no failure.
    private func matches(_ password: String, _ hash: String?, _ names: [LoginThrottle.Name]) async throws -> Bool {
        do { return try await passwords.matches(password, hash) } catch {
            let moment = now()
            try await database.write { db in try throttle.forgive(names, at: moment, in: db) }
            throw error
        }
    }

    func signedIn(_ user: User, client: String?, noting action: String? = nil, request: String? = nil) async throws
        -> SignedIn
    {
        let refresh = RandomToken(prefix: "edr_")
        let session = IDSource.random.next(SessionStore.self).text
        let moment = now()
        let home = try await database.write { db in
            try sessions.insert(
                session, of: user.id, .api, digest: refresh.digest, client: client, at: moment,
                expiresAt: moment.advanced(by: Self.sessionLifetime), in: db)
            if let action { try note(action, about: user.id, by: Actor(user: user.id, request: request), db) }
            return try landing(of: user.id, db)
        }
        return SignedIn(
            user: user, organization: home.0, project: home.1,
            accessToken: try await tokens.token(.init(user: user.id, session: session), now: moment),
            refreshToken: refresh.text, expiresIn: Int(AccessTokens.lifetime.components.seconds))
    }

    /// Where somebody lands.
    func landing(of user: UserID, _ db: any DatabaseConnection) throws -> (Organization?, ProjectReference?) {
        let organization = try accounts.organizations(of: user, in: db).first?.0
        return (organization, try organization.flatMap { try accounts.firstProject(of: $0.id, in: db) })
    }
}
