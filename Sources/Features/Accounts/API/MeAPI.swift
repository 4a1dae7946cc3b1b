import EdisonCore
import EdisonWeb
import HTTPTypes

/// What somebody does with the own account.
struct MeAPI: Sendable {
    let accounts: AccountService
    let users: UserService

    private static let group = "Own account"

    var endpoints: [Endpoint] { profile + sessions + data }

    private var profile: [Endpoint] {
        [
            .get("/me", "Who the caller is.", in: Self.group, .person, .one(Self.me)) { request in
                let user = try request.requireUser()
                let (person, organizations) = try await accounts.person(user)
                return Me(user: person, organizations: organizations)
            },
            .json(
                .patch, "/me", "Changes name, e-mail address or password.", in: Self.group, .person,
                takes: ProfileRequest.self, .one(User.shape)
            ) { request, body in
                try await accounts.change(
                    try request.requirePerson(), body.change, session: try request.requireSession(), by: request.actor)
            },
        ]
    }

    private var sessions: [Endpoint] {
        [
            .get(
                "/me/sessions", "Where the person is signed in.", in: Self.group, .person, query: QueryParameter.page,
                .page(of: PersonSession.shape)
            ) { request in
                try await accounts.sessions(
                    of: try request.requirePerson(), current: try request.requireSession(), try request.page())
            },
            .action(
                .delete, "/me/sessions", "Ends all sessions but the one that asks.", in: Self.group, .person, .nothing
            ) { request in
                try await accounts.endOtherSessions(
                    of: try request.requirePerson(), current: try request.requireSession(), by: request.actor)
            },
            .action(
                .delete, "/me/sessions/{session}", "Ends a session.", in: Self.group, .person, .nothing
            ) { request in
                try await accounts.endSession(
                    try request.parameter("session"), of: try request.requirePerson(), by: request.actor)
            },
        ]
    }

    private var data: [Endpoint] {
        [
            .get(
                "/me/export", "Everything that is known of the person, in one document.", in: Self.group, .person,
                .json("PersonalData", ["type": "object"])
            ) { request in try await users.export(try request.requirePerson(), by: request.actor) },
            .json(
                .post, "/me/erase", "Erases the account and whatever tells of the person, for good.", in: Self.group,
                .person, takes: ErasureRequest.self, .nothing
            ) { request, body in
                try await users.erase(try request.requirePerson(), password: body.password, by: request.actor)
            },
        ]
    }

    private struct Me: Sendable {
        let user: User
        let organizations: [(organization: Organization, role: Role)]
    }

    private static let me = Shape<Me>(
        "Me",
        User.shape.of(\Me.user) + [.parts("organizations", Organization.membershipShape) { $0.organizations }])
}

private struct ProfileRequest: RequestBody {
    static let example: JSONObject? = ["name": "Ada King"]

    let change: ProfileChange

    init(_ fields: Fields) {
        let name = fields.optional("name", .name(), "null takes it away.")
        change = ProfileChange(
            email: fields.optional("email", .email), name: fields.has("name") ? .some(name) : nil,
            password: fields.optional("password", .password, "Ends all other sessions."),
            currentPassword: fields.optional(
                "current_password", .text(1...1_000), "Needed for a new address or password, once there is one."))
    }
}

private struct ErasureRequest: RequestBody {
    static let example: JSONObject? = ["current_password": "correct horse battery"]

    let password: String?

    init(_ fields: Fields) {
        password = fields.optional("current_password", .text(1...1_000), "Needed where there is one.")
    }
}
