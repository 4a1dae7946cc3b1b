package import EdisonCore
import EdisonEvents
import EdisonSQL
import EdisonSecrets

extension AccountService {
    static let linkLifetime: Duration = .seconds(24 * 3600)

    /// The token of the link by which the first owner comes in; nil once there is an account.
    package func firstOwnerLink() async throws -> String? {
        let token = RandomToken(prefix: "edl_")
        let moment = now()
        return try await database.write { db in
            guard try accounts.isEmpty(in: db) else { return nil }
            try links.insert(
                digest: token.digest, for: nil, at: moment, expiresAt: moment.advanced(by: Self.linkLifetime), in: db)
            return token.text
        }
    }

    /// Signs a browser in by a link, once. The first owner of a server on this machine needs neither e-mail address nor
    /// password, which can be given later.
    package func start(_ token: String, client: String?, request: String? = nil) async throws -> SignedInPage {
        let moment = now()
        return try await database.write(.serial) { db in
            switch try links.use(RandomToken.digest(token), at: moment, in: db) {
            case nil: throw Self.linkIsSpent
            case .person(let id):
                guard let user = try accounts.user(id, in: db) else { throw Self.linkIsSpent }
                try note("user.signed_in_by_link", about: id, by: Actor(user: id, request: request), db)
                return try page(of: user, client: client, db)
            case .firstOwner:
                guard try accounts.isEmpty(in: db) else { throw Self.linkIsSpent }
                // Thrown inside, so that the link is not used up.
                guard trustsFirstLink else { throw Self.needsPassword }
                let user = User(
                    id: IDSource.random.next(), email: nil, name: nil, role: .owner, createdAt: moment,
                    updatedAt: moment)
                try accounts.insert(user, passwordHash: nil, in: db)
                _ = try home(of: user.id, named: "Local", takesLocal: true, in: db)
                try note("user.registered", about: user.id, by: Actor(user: user.id, request: request), db)
                return try page(of: user, client: client, db)
            }
        }
    }

    static var linkIsSpent: EdisonError {
        EdisonError(
            .gone, "This link has been used, is too old, or another one was made after it.",
            detail: "Make a new one on the machine of the server: edison user link")
    }

    private static var needsPassword: EdisonError {
        EdisonError(
            .forbidden, "This server is not for its own machine alone, so its first owner needs a password.",
            detail: "POST /api/v1/auth/register with email, password, and as \"link\" the last part of this address.")
    }
}
