package import EdisonCore
package import EdisonEvents
import EdisonSQL
import EdisonSecrets

extension AccountService {
    private enum Refreshed: Sendable {
        case session(SessionStore.Session, User)
        case refused
    }

    /// Exchanges a refresh token for the next pair. A token that was exchanged before has been stolen, here or from its
    /// owner: then the whole session ends.
    package func refresh(_ token: String) async throws -> SignedIn {
        let digest = RandomToken.digest(token)
        let next = RandomToken(prefix: "edr_")
        let moment = now()
        // What is found out about a stolen token must be stored, so nothing is thrown inside.
        let outcome: Refreshed = try await database.write { db in
            if let spent = try sessions.session(spent: digest, in: db) {
                try sessions.revoke(spent, in: db)
                let owner = try sessions.session(spent, in: db)?.user
                try audit.record("session.reuse_detected", of: ("session", spent), by: Actor(user: owner), db)
                return .refused
            }
            guard let session = try sessions.session(digest: digest, in: db), session.kind == .api,
                session.isValid(at: moment), let user = try accounts.user(session.user, in: db),
                try sessions.rotate(
                    session.id, from: digest, to: next.digest,
                    expiresAt: moment.advanced(by: AccountService.refreshLifetime), in: db)
            else { return .refused }
            return .session(session, user)
        }
        guard case .session(let session, let user) = outcome else {
            throw EdisonError(.unauthenticated, "The refresh token is not valid any more.", detail: "Log in again.")
        }
        let home = try await database.read { db in
            let organization = try accounts.organizations(of: user.id, in: db).first?.0
            return (organization, try organization.flatMap { try accounts.firstProject(of: $0.id, in: db) })
        }
        return SignedIn(
            user: user, organization: home.0, project: home.1,
            accessToken: try await tokens.token(.init(user: user.id, session: session.id), now: moment),
            refreshToken: next.text, expiresIn: Int(AccessTokens.lifetime.components.seconds))
    }

    /// Ends the session that the caller is in, or all of them.
    package func logOut(_ user: UserID, session: String, everywhere: Bool, by actor: Actor) async throws {
        try await database.write { db in
            if everywhere {
                try sessions.revokeAll(of: user, in: db)
            } else {
                try sessions.revoke(session, in: db)
            }
            try audit.record(
                everywhere ? "user.logged_out_everywhere" : "user.logged_out", of: ("user", user.text), by: actor, db)
        }
    }

    package func user(_ id: UserID) async throws -> User {
        guard let user = try await database.read({ db in try accounts.user(id, in: db) }) else {
            throw EdisonError(.unauthenticated, "Unauthorized")
        }
        return user
    }

    package func organizations(of user: UserID) async throws -> [(organization: Organization, role: Role)] {
        try await database.read { db in try accounts.organizations(of: user, in: db) }
            .map { (organization: $0.0, role: $0.1) }
    }
}
