import EdisonCore
package import EdisonWeb
import HTTPTypes

/// How people come in and go out.
struct AuthAPI: Sendable {
    let accounts: AccountService

    private static let group = "Accounts"

    var endpoints: [Endpoint] {
        [
            .json(
                .post, "/auth/register", "Makes an account, with an organization and its project default.",
                in: Self.group, .open, takes: RegisterRequest.self, .one(SignedIn.shape, .created)
            ) { request, body in
                try await accounts.register(body.registration, client: request.headers[.userAgent])
            },
            .json(
                .post, "/auth/login", "Logs in.", in: Self.group, .open, takes: LoginRequest.self, .one(SignedIn.shape)
            ) { request, body in
                do {
                    return try await accounts.logIn(
                        email: body.email, password: body.password, address: request.remoteAddress,
                        client: request.headers[.userAgent])
                } catch let error as EdisonError {
                    guard let blocked = error.underlying as? LoginBlocked else { throw error }
                    throw EdisonError(
                        .limited, error.message, detail: error.detail,
                        underlying: RetryAfter(seconds: blocked.seconds))
                }
            },
            .json(
                .post, "/auth/refresh", "Exchanges a refresh token for the next pair of tokens.", in: Self.group,
                .open, takes: RefreshRequest.self, .one(SignedIn.shape)
            ) { _, body in try await accounts.refresh(body.refreshToken) },
            .json(
                .post, "/auth/logout", "Ends the session, or all sessions.", in: Self.group, .person,
                takes: LogoutRequest.self, .nothing
            ) { request, body in
                guard case .user(let user, let session) = request.principal else { return }
                try await accounts.logOut(user, session: session, everywhere: body.everywhere, by: request.actor)
            },
            .get("/me", "Who the caller is.", in: Self.group, .person, .one(Self.me)) { request in
                let user = try request.requireUser()
                return Me(
                    user: try await accounts.user(user), organizations: try await accounts.organizations(of: user))
            },
        ]
    }

    private struct Me: Sendable {
        let user: User
        let organizations: [(organization: Organization, role: Role)]
    }

    private static let me = Shape<Me>(
        "Me",
        User.shape.of(\Me.user) + [
            .parts(
                "organizations",
                Shape<(organization: Organization, role: Role)>(
                    "Membership", Organization.shape.of { $0.organization } + [.word("member_role") { $0.role }])
            ) { $0.organizations }
        ])
}

private struct RegisterRequest: RequestBody {
    let registration: Registration

    init(_ fields: Fields) {
        registration = Registration(
            email: fields.required("email", .email), password: fields.required("password", .password),
            name: fields.optional("name", .name()), organization: fields.optional("organization", .name()))
    }
}

private struct LoginRequest: RequestBody {
    let email: String
    let password: String

    init(_ fields: Fields) {
        email = fields.required("email", .email)
        password = fields.required("password", .text(1...1_000))
    }
}

private struct RefreshRequest: RequestBody {
    let refreshToken: String

    init(_ fields: Fields) { refreshToken = fields.required("refresh_token", .text(1...200)) }
}

private struct LogoutRequest: RequestBody {
    let everywhere: Bool

    init(_ fields: Fields) {
        everywhere = fields.value("everywhere", .bool, or: false, "Whether all sessions of the person end.")
    }
}

extension FieldType where Value == String {
    /// What NIST SP 800-63B asks of a password: length, and nothing of its letters.
    package static let password = text(10...1_000)
}
