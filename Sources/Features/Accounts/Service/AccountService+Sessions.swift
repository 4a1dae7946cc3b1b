package import EdisonCore
package import EdisonEvents
import EdisonSQL
import EdisonSecrets

extension AccountService {
    private enum Refreshed: Sendable {
        case session(SessionStore.Session, User, Organization?, ProjectReference?)
        case refused
    }

    /// Exchanges a refresh token for the next pair. A token that was exchanged before has been stolen, here or from its
    /// owner: then the whole session ends.
    package func refresh(_ token: String, request: String? = nil) async throws -> SignedIn {
        let digest = RandomToken.digest(token)
        let next = RandomToken(prefix: "edr_")
        let moment = now()
        // What is found out about a stolen token must be stored, so nothing is thrown inside.
        let outcome: Refreshed = try await database.write { db in
            if let spent = try sessions.session(spent: digest, in: db) {
                try sessions.revoke(spent, at: moment, in: db)
                if let owner = try sessions.session(spent, in: db)?.user {
                    try note(
                        "session.reuse_detected", about: owner, by: Actor(request: request),
                        metadata: ["session": .string(spent)], db)
                }
                return .refused
            }
            guard let session = try sessions.session(digest: digest, in: db), session.kind == .api,
                session.isValid(at: moment), let user = try accounts.user(session.user, in: db),
                try sessions.rotate(
                    session.id, from: digest, to: next.digest, at: moment,
                    expiresAt: moment.advanced(by: AccountService.sessionLifetime), in: db)
            else { return .refused }
            let home = try landing(of: user.id, db)
            return .session(session, user, home.0, home.1)
        }
        guard case .session(let session, let user, let organization, let project) = outcome else {
            throw EdisonError(.unauthenticated, "The refresh token is not valid any more.", detail: "Log in again.")
        }
        return SignedIn(
            user: user, organization: organization, project: project,
            accessToken: try await tokens.token(.init(user: user.id, session: session.id), now: moment),
            refreshToken: next.text, expiresIn: Int(AccessTokens.lifetime.components.seconds))
    }

    /// Ends the session that the caller is in, or all of them.
    package func logOut(_ user: UserID, session: String, everywhere: Bool, by actor: Actor) async throws {
        let moment = now()
        try await database.write { db in
            if everywhere {
                try sessions.revokeAll(of: user, at: moment, in: db)
            } else {
                try sessions.revoke(session, at: moment, in: db)
            }
            try note(everywhere ? "user.logged_out_everywhere" : "user.logged_out", about: user, by: actor, db)
        }
    }

    /// Where the person is signed in.
    package func sessions(
        of user: UserID, current: String, _ page: PageRequest
    ) async throws -> Listing<PersonSession> {
        let moment = now()
        let found = try await database.read { db in try sessions.sessions(of: user, at: moment, page, in: db) }
        return Listing(found, page) { Cursor($0.id) }.map { session in
            PersonSession(
                id: session.id, kind: session.kind, client: session.client, createdAt: session.createdAt,
                usedAt: session.usedAt, expiresAt: session.expiresAt, isCurrent: session.id == current)
        }
    }

    package func endSession(_ session: String, of user: UserID, by actor: Actor) async throws {
        let moment = now()
        try await database.write { db in
            guard try sessions.revoke(session, of: user, at: moment, in: db) else {
                throw EdisonError(.notFound, "You have no such session.")
            }
            try note("session.ended", about: user, by: actor, metadata: ["session": .string(session)], db)
        }
    }

    /// All but the one that the caller is in.
    package func endOtherSessions(of user: UserID, current: String, by actor: Actor) async throws {
        let moment = now()
        try await database.write { db in
            try sessions.revokeAll(of: user, except: current, at: moment, in: db)
            try note("session.others_ended", about: user, by: actor, db)
        }
    }
}
