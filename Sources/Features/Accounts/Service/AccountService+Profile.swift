package import EdisonCore
package import EdisonEvents
import EdisonSQL
import EdisonSecrets

extension AccountService {
    /// Changes the own account. Once there is a password, a new one and a new address need it, so that a session that
    /// somebody left open is not enough; a new password ends all other sessions.
    package func change(
        _ user: UserID, _ change: ProfileChange, session: String, by actor: Actor
    ) async throws -> User {
        if change.isSensitive { try await requirePassword(change.currentPassword, of: user) }
        let hash: String?
        if let password = change.password { hash = try await passwords.hash(password) } else { hash = nil }
        let moment = now()
        return try await database.write { db in
            guard let present = try accounts.user(user, in: db) else {
                throw EdisonError(.unauthenticated, "Unauthorized")
            }
            if let email = change.email, email != present.email { try requireFree(email, db) }
            guard hash == nil || change.email ?? present.email != nil else {
                throw EdisonError(
                    .invalid, "A password needs an e-mail address to log in with.",
                    issues: [FieldIssue(path: "email", message: "is missing")])
            }
            try accounts.setProfile(
                email: change.email ?? present.email, name: change.name ?? present.name, of: user, at: moment, in: db)
            if let hash {
                try accounts.setPassword(hash, of: user, in: db)
                try sessions.revokeAll(of: user, except: session, at: moment, in: db)
                try links.removeAll(of: user, in: db)
            }
            try note(
                "user.changed", about: user, by: actor,
                metadata: ["fields": .array(change.changedFields.map { .string($0) })], db)
            return try accounts.user(user, in: db) ?? present
        }
    }

    /// Guessing is slowed down as at the log-in. Who has no password yet needs none.
    func requirePassword(_ password: String?, of user: UserID) async throws {
        guard let hash = try await database.read({ db in try accounts.passwordHash(of: user, in: db) }) else { return }
        guard let password else {
            throw EdisonError(
                .invalid, "This needs the present password.",
                issues: [FieldIssue(path: "current_password", message: "is missing")])
        }
        let names = [LoginThrottle.Name(text: "person \(user)", free: 5, endsWithSuccess: true)]
        let moment = now()
        try await database.write { db in try throttle.count(names, at: moment, in: db) }
        guard try await passwords.matches(password, hash) else {
            throw EdisonError(
                .invalid, "The present password is another one.",
                issues: [FieldIssue(path: "current_password", message: "is wrong")])
        }
        try await database.write { db in try throttle.succeed(names, at: moment, in: db) }
    }
}
