import EdisonCore
package import EdisonWeb
import HTTPTypes

/// How people come in and go out.
struct AuthAPI: Sendable {
    let accounts: AccountService
    /// Whether browsers may send the cookie over TLS alone.
    let isSecure: Bool

    private static let group = "Accounts"

    var endpoints: [Endpoint] { tokens + pages }

    private var tokens: [Endpoint] {
        [
            .json(
                .post, "/auth/register",
                "Makes an account, with an organization and its project default, or by an invitation.",
                in: Self.group, .open, takes: RegisterRequest.self, .one(SignedIn.shape, .created)
            ) { request, body in
                try await accounts.register(
                    body.registration, client: request.headers[.userAgent], request: request.id)
            },
            .json(
                .post, "/auth/login", "Logs in.", in: Self.group, .open, takes: LoginRequest.self, .one(SignedIn.shape)
            ) { request, body in
                try await accounts.logIn(
                    email: body.email, password: body.password, address: request.remoteAddress,
                    client: request.headers[.userAgent], request: request.id)
            },
            .json(
                .post, "/auth/refresh", "Exchanges a refresh token for the next pair of tokens.", in: Self.group,
                .open, takes: RefreshRequest.self, .one(SignedIn.shape)
            ) { request, body in try await accounts.refresh(body.refreshToken, request: request.id) },
            .json(
                .post, "/auth/logout", "Ends the session, or all sessions.", in: Self.group, .person,
                takes: LogoutRequest.self, .nothing
            ) { request, body in
                try await accounts.logOut(
                    try request.requirePerson(), session: try request.requireSession(), everywhere: body.everywhere,
                    by: request.actor)
            },
        ]
    }

    private var pages: [Endpoint] {
        [
            .json(
                .post, "/auth/session", "Signs a browser in: sets the cookie of its pages.", in: Self.group, .open,
                takes: LoginRequest.self, .headed(SignedInPage.shape, .created)
            ) { request, body in
                let page = try await accounts.openPage(
                    email: body.email, password: body.password, address: request.remoteAddress,
                    client: request.headers[.userAgent], request: request.id)
                return HeadedAnswer(page, [.setCookie: PageCookie.value(page.cookie, isSecure: isSecure)])
            },
            .get(
                "/auth/session", "Who a browser is signed in as, and the token that its changes carry.",
                in: Self.group, .person, .one(SignedInPage.shape)
            ) { request in
                guard let cookie = request.sessionCookie else {
                    throw EdisonError(
                        .forbidden, "This is for pages alone.", detail: "A caller with a token asks GET /api/v1/me.")
                }
                return SignedInPage(
                    user: try await accounts.user(try request.requirePerson()), cookie: cookie,
                    csrf: PageSession.csrf(of: cookie))
            },
            .action(
                .delete, "/auth/session", "Signs a browser out, and takes its cookie away.", in: Self.group, .person,
                .headers
            ) { request in
                try await accounts.logOut(
                    try request.requirePerson(), session: try request.requireSession(), everywhere: false,
                    by: request.actor)
                return [.setCookie: PageCookie.gone(isSecure: isSecure)]
            },
        ]
    }
}

/// The header by which a browser gets, and loses, the cookie of its session: no script can read it, and other sites'
/// forms do not send it.
enum PageCookie {
    static func value(_ cookie: String, isSecure: Bool) -> String {
        header(cookie, seconds: AccountService.sessionLifetime.components.seconds, isSecure: isSecure)
    }

    static func gone(isSecure: Bool) -> String { header("", seconds: 0, isSecure: isSecure) }

    private static func header(_ cookie: String, seconds: Int64, isSecure: Bool) -> String {
        "\(Credentials.cookieName)=\(cookie); Path=/; Max-Age=\(seconds); HttpOnly; SameSite=Lax"
            + (isSecure ? "; Secure" : "")
    }
}

private struct RegisterRequest: RequestBody {
    static let example: JSONObject? = [
        "email": "ada@example.org", "password": "correct horse battery", "name": "Ada Lovelace",
    ]

    let registration: Registration

    init(_ fields: Fields) {
        registration = Registration(
            email: fields.required("email", .email), password: fields.required("password", .password),
            name: fields.optional("name", .name()),
            organization: fields.optional("organization", .name(), "The name of the organization that is made."),
            invitation: fields.optional(
                "invitation", .text(1...200), "The token of an invitation: its organization is joined, none is made."),
            link: fields.optional("link", .text(1...200), "The token of the first owner's link."))
        if registration.invitation != nil, registration.organization != nil {
            fields.fault("organization", "must be absent with an invitation, which names one")
        }
    }
}

/// By a program, or by the form of the page.
struct LoginRequest: RequestBody {
    let email: String
    let password: String

    init(_ fields: Fields) {
        email = fields.required("email", .email)
        password = fields.required("password", .text(1...1_000))
    }
}

private struct RefreshRequest: RequestBody {
    static let example: JSONObject? = ["refresh_token": "$REFRESH_TOKEN"]

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
