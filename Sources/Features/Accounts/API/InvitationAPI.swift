import EdisonCore
import EdisonWeb
import HTTPTypes

/// How people are asked in.
struct InvitationAPI: Sendable {
    let accounts: AccountService
    /// Where the server is reached, for the link that is passed on; empty: the link is a path.
    let publicURL: String

    private static let group = "Invitations"

    var endpoints: [Endpoint] { managing + answering }

    private var managing: [Endpoint] {
        [
            .json(
                .post, "/organizations/{organization}/invitations",
                "Invites an e-mail address. The link is shown this once: pass it on.", in: Self.group,
                .organization(.writeMembers), takes: InvitationRequest.self, .one(shape, .created)
            ) { request, body in
                try await accounts.invite(
                    body.email, as: body.role, to: try request.requireOrganization(), days: body.days,
                    by: request.actor, with: try request.requirePlace().role)
            },
            .get(
                "/organizations/{organization}/invitations", "Lists the invitations of an organization.",
                in: Self.group, .organization(.writeMembers), query: QueryParameter.page, .page(of: shape)
            ) { request in
                try await accounts.invitations(of: try request.requireOrganization(), try request.page())
            },
            .json(
                .post, "/organizations/{organization}/invitations/{invitation}/resend",
                "Makes a new link for an invitation; the old one ends.", in: Self.group,
                .organization(.writeMembers), takes: ResendRequest.self, .one(shape)
            ) { request, body in
                try await accounts.resend(
                    try request.parameter("invitation"), of: try request.requireOrganization(), days: body.days,
                    by: request.actor, with: try request.requirePlace().role)
            },
            .action(
                .delete, "/organizations/{organization}/invitations/{invitation}", "Takes an invitation back.",
                in: Self.group, .organization(.writeMembers), .nothing
            ) { request in
                try await accounts.revokeInvitation(
                    try request.parameter("invitation"), of: try request.requireOrganization(), by: request.actor)
            },
        ]
    }

    private var answering: [Endpoint] {
        [
            .get(
                "/invitations/{token}", "Shows an invitation to whoever has its token.", in: Self.group, .open,
                .one(Self.offer)
            ) { request in try await accounts.invitation(by: try request.parameter("token")) },
            .action(
                .post, "/invitations/{token}/accept",
                "Joins the organization. Who has no account yet registers with the token.", in: Self.group, .person,
                .one(Self.offer)
            ) { request in
                try await accounts.accept(
                    try request.parameter("token"), as: try request.requirePerson(), by: request.actor)
            },
            .action(.post, "/invitations/{token}/decline", "Declines an invitation.", in: Self.group, .open, .nothing) {
                request in try await accounts.decline(try request.parameter("token"), request: request.id)
            },
        ]
    }

    private var shape: Shape<ShownInvitation> {
        Shape(
            "Invitation",
            [
                .id("id", \.invitation.id), .text("email", \.invitation.email), .word("role", \.invitation.role),
                .word("status") { $0.invitation.status(at: .now) },
                .optionalID("created_by", \.invitation.creator), .time("created_at", \.invitation.createdAt),
                .time("expires_at", \.invitation.expiresAt), .optionalText("token", \.token),
                .optionalText("link") { shown in shown.token.map { "\(publicURL)/invitations/\($0)" } },
            ])
    }

    /// What the one who is invited sees.
    private static let offer = Shape<ShownInvitation>(
        "InvitationOffer",
        [
            .text("email", \.invitation.email), .word("role", \.invitation.role),
            .word("status") { $0.invitation.status(at: .now) }, .time("expires_at", \.invitation.expiresAt),
            .part("organization", Organization.shape, \.organization),
        ])
}

private struct InvitationRequest: RequestBody {
    static let example: JSONObject? = ["email": "grace@example.org", "role": "editor"]

    let email: String
    let role: Role
    let days: Int

    init(_ fields: Fields) {
        email = fields.required("email", .email)
        role = fields.value("role", .word, or: .editor, "editor when absent, and never above the caller's own.")
        days = fields.days
    }
}

private struct ResendRequest: RequestBody {
    static let example: JSONObject? = ["expires_in_days": 7]

    let days: Int

    init(_ fields: Fields) { days = fields.days }
}

extension Fields {
    fileprivate var days: Int {
        value(
            "expires_in_days", .integer(1...90), or: Invitation.lifetimeInDays,
            "\(Invitation.lifetimeInDays) when absent.")
    }
}
