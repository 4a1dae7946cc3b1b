import EdisonCore
import EdisonPages
import EdisonWeb
import HTTPTypes

/// Where people sign in, take an invitation, and look after their own account.
struct AccountPages: Sendable {
    let accounts: AccountService
    let assets: PageAssets
    let isSecure: Bool

    private static let group = Endpoint.pages

    var endpoints: [Endpoint] { signIn + account + invitation }

    // MARK: Sign-in

    private static let signInPage = EntryPage(
        "Sign in", intro: "With the e-mail address and the password of your account.", action: "/login",
        button: "Sign in",
        fields: [
            .init("email", "E-mail", type: "email", autocomplete: "username"),
            .init("password", "Password", type: "password", autocomplete: "current-password"),
        ])

    private var signIn: [Endpoint] {
        [
            .get("/login", "Where people sign in.", in: Self.group, .open, .raw(.ok, "text/html")) { request in
                if request.principal.user != nil { return Self.redirect(to: "/account") }
                return try Self.signInPage.answer(assets)
            },
            .form("/login", "Signs a browser in.", in: Self.group, .open) { request, fields in
                do {
                    let login = try LoginRequest.read(.object(fields))
                    return try await enter(login.email, login.password, request)
                } catch let error as EdisonError {
                    return try Self.signInPage.answer(assets, values: fields, error: error)
                }
            },
            .form("/logout", "Signs a browser out.", in: Self.group, .open) { request, _ in
                if case .user(let user, let session) = request.principal {
                    try await accounts.logOut(user, session: session, everywhere: false, by: request.actor)
                }
                var answer = Self.redirect(to: "/login")
                answer.headers[.setCookie] = PageCookie.gone(isSecure: isSecure)
                return answer
            },
        ]
    }

    private func enter(_ email: String, _ password: String, _ request: APIRequest) async throws -> Answer {
        let page = try await accounts.openPage(
            email: email, password: password, address: request.remoteAddress, client: request.headers[.userAgent],
            request: request.id)
        var answer = Self.redirect(to: "/account")
        answer.headers[.setCookie] = PageCookie.value(page.cookie, isSecure: isSecure)
        return answer
    }

    // MARK: The own account

    private static func accountPage(_ user: User) -> EntryPage {
        let isNew = user.email == nil
        let present: [EntryPage.Field] =
            isNew
            ? []
            : [
                .init(
                    "current_password", "Present password", type: "password", autocomplete: "current-password",
                    hint: "Needed for a new address or password.", isRequired: false)
            ]
        return EntryPage(
            isNew ? "You own this installation" : "Your account",
            intro: isNew
                ? "Give yourself an e-mail address and a password: with them you come back, and can invite others."
                : "Name, address and password. A new password ends your other sessions.",
            action: "/account", button: "Save",
            fields: [
                .init("name", "Name", autocomplete: "name", isRequired: false),
                .init("email", "E-mail", type: "email", autocomplete: "username"),
                .init(
                    "password", isNew ? "Password" : "New password", type: "password", autocomplete: "new-password",
                    hint: "10 characters or more.", isRequired: isNew),
            ] + present,
            links: [.init("The HTTP API", to: "/docs/api")], aside: .init("Sign out", to: "/logout"))
    }

    private static func values(_ user: User) -> JSONObject {
        ["name": .string(user.name ?? ""), "email": .string(user.email ?? "")]
    }

    private var account: [Endpoint] {
        [
            .get("/account", "The own account.", in: Self.group, .open, .raw(.ok, "text/html")) { request in
                guard let id = request.principal.user else { return Self.redirect(to: "/login") }
                let user = try await accounts.user(id)
                return try Self.accountPage(user).answer(assets, values: Self.values(user))
            },
            .form("/account", "Changes the own account.", in: Self.group, .open) { request, fields in
                guard case .user(let id, let session) = request.principal else { return Self.redirect(to: "/login") }
                let user = try await accounts.user(id)
                do {
                    let form = try AccountForm.read(.object(fields))
                    let changed = try await accounts.change(
                        id, form.change(of: user), session: session, by: request.actor)
                    return try Self.accountPage(changed).answer(
                        assets, values: Self.values(changed), done: "Your account is saved.")
                } catch let error as EdisonError {
                    return try Self.accountPage(user).answer(assets, values: fields, error: error)
                }
            },
        ]
    }

    // MARK: Invitations

    private static func offer(_ shown: ShownInvitation, isSignedIn: Bool) -> EntryPage {
        EntryPage(
            "Join \(shown.organization.name)",
            intro: "You are invited as \(shown.invitation.role.rawValue), at the address \(shown.invitation.email).",
            action: "", button: isSignedIn ? "Join" : "Make an account and join",
            fields: isSignedIn
                ? []
                : [
                    .init("name", "Your name", autocomplete: "name", isRequired: false),
                    .init(
                        "password", "Password", type: "password", autocomplete: "new-password",
                        hint: "10 characters or more."),
                ],
            links: isSignedIn ? [] : [.init("I have an account: sign in first, and open the link again", to: "/login")])
    }

    private var invitation: [Endpoint] {
        [
            .get(
                "/invitations/{token}", "An invitation, for whoever has its link.", in: Self.group, .open,
                .raw(.ok, "text/html")
            ) { request in
                let shown = try await accounts.openInvitation(by: try request.parameter("token"))
                return try Self.offer(shown, isSignedIn: request.principal.user != nil).answer(assets)
            },
            .form("/invitations/{token}", "Takes an invitation.", in: Self.group, .open) { request, fields in
                let token = try request.parameter("token")
                let shown = try await accounts.openInvitation(by: token)
                do {
                    if let user = request.principal.user {
                        _ = try await accounts.accept(token, as: user, by: request.actor)
                        return Self.redirect(to: "/account")
                    }
                    let form = try JoinForm.read(.object(fields))
                    _ = try await accounts.register(
                        Registration(
                            email: shown.invitation.email, password: form.password, name: form.name,
                            organization: nil, invitation: token),
                        client: request.headers[.userAgent], request: request.id)
                    return try await enter(shown.invitation.email, form.password, request)
                } catch let error as EdisonError {
                    return try Self.offer(shown, isSignedIn: request.principal.user != nil).answer(
                        assets, values: fields, error: error)
                }
            },
        ]
    }

    private static func redirect(to path: String) -> Answer { Answer(.seeOther, headers: [.location: path]) }
}

private struct AccountForm: RequestBody {
    private let email: String
    private let name: String?
    private let password: String?
    private let present: String?

    init(_ fields: Fields) {
        email = fields.required("email", .email)
        name = fields.optional("name", .name())
        password = fields.optional("password", .password)
        present = fields.optional("current_password", .text(1...1_000))
    }

    /// What is the same stays untouched, and asks for no password.
    func change(of user: User) -> ProfileChange {
        ProfileChange(
            email: email == user.email ? nil : email, name: .some(name), password: password, currentPassword: present)
    }
}

private struct JoinForm: RequestBody {
    let name: String?
    let password: String

    init(_ fields: Fields) {
        name = fields.optional("name", .name())
        password = fields.required("password", .password)
    }
}
