package import EdisonCore
package import EdisonQuotas
package import EdisonSQL
package import EdisonSecrets
package import EdisonWeb

/// Knows callers by their tokens, keys and cookies, and what they may do where.
package struct Memberships: AccessControl {
    private let database: Database
    private let tokens: AccessTokens
    private let now: @Sendable () -> Timestamp
    private let store: AccessStore
    private let sessions = SessionStore()
    private let keys = KeyStore()

    package init(
        database: Database, tokens: AccessTokens, quotas: Quotas = .unlimited,
        now: @escaping @Sendable () -> Timestamp = { .now }
    ) {
        store = AccessStore(quotas: quotas)
        self.database = database
        self.tokens = tokens
        self.now = now
    }

    package func principal(of credentials: Credentials) async throws -> Principal {
        if let bearer = credentials.bearer {
            return bearer.hasPrefix("edk_") ? try await key(bearer) : try await person(bearer)
        }
        guard let cookie = credentials.cookie else { return .anonymous }
        return try await page(cookie, credentials)
    }

    private func person(_ token: String) async throws -> Principal {
        let content = try await tokens.content(of: token)
        let moment = now()
        let isValid = try await database.glance { db in
            try sessions.session(content.session, in: db).map { $0.user == content.user && $0.isValid(at: moment) }
        }
        guard isValid == true else { throw Self.refused("The access token has been revoked.") }
        return .user(content.user, session: content.session)
    }

    private func key(_ text: String) async throws -> Principal {
        let digest = RandomToken.digest(text)
        let moment = now()
        let found = try await database.glance { db in try keys.principal(digest: digest, at: moment, in: db) }
        guard let found else { throw Self.refused("The API key is not valid, has expired or was revoked.") }
        // Once a minute is exact enough, and no write for each request.
        if found.usedAt.map({ moment.duration(since: $0) > .seconds(60) }) ?? true {
            try await database.write { db in try keys.use(found.key.id, at: moment, in: db) }
        }
        return .key(found.key)
    }

    private func page(_ cookie: String, _ credentials: Credentials) async throws -> Principal {
        let moment = now()
        let found = try await database.glance { db in
            try sessions.session(digest: RandomToken.digest(cookie), in: db)
        }
        guard let found, found.kind == .page, found.isValid(at: moment) else { return .anonymous }
        if !credentials.isSafe, !credentials.isFromOwnPage, credentials.csrf != PageSession.csrf(of: cookie) {
            throw EdisonError(
                .forbidden, "The request does not come from a page of this server.",
                detail: "Load the page again, and send its token as X-CSRF-Token.")
        }
        // Who uses a page stays signed in; once a minute is exact enough.
        if moment.duration(since: found.usedAt) > .seconds(60) {
            let end = moment.advanced(by: AccountService.sessionLifetime)
            try await database.write { db in try sessions.use(found.id, at: moment, expiresAt: end, in: db) }
        }
        return .user(found.user, session: found.id)
    }

    private static func refused(_ words: String) -> EdisonError {
        EdisonError(.unauthenticated, "Unauthorized", detail: words)
    }

    package func place(of target: AccessTarget, for principal: Principal) async throws -> Place? {
        try await database.glance { db in try store.place(of: target, for: principal, in: db) }
    }

    package func organizations(of principal: Principal) async throws -> [Place] {
        switch principal {
        case .anonymous: return []
        case .key(let key):
            // A key of one project has no part in the organisation as a whole.
            return key.project == nil ? [Place(organization: key.organization, project: nil, role: key.role)] : []
        case .user(let user, _):
            return try await database.read { db in try AccountStore().organizations(of: user, in: db) }
                .map { Place(organization: $0.0.id, project: nil, role: $0.1) }
        }
    }
}

/// The session of a page: the token that its changes carry is made from its cookie, which no page of another origin can
/// read.
package enum PageSession {
    package static func csrf(of cookie: String) -> String { RandomToken.digest("csrf \(cookie)") }
}
