import EdisonCore
import EdisonWeb
import HTTPTypes

/// Organisations and who is in them.
struct OrganizationAPI: Sendable {
    let accounts: AccountService

    private static let group = "Organizations"

    var endpoints: [Endpoint] { organizations + members }

    private var organizations: [Endpoint] {
        [
            .json(
                .post, "/organizations", "Makes an organization, with its project default.", in: Self.group, .person,
                takes: CreationRequest.self, .one(Organization.shape, .created)
            ) { request, body in
                try await accounts.makeOrganization(
                    name: body.name, slug: body.slug, for: try request.requirePerson(), by: request.actor)
            },
            .get(
                "/organizations", "Lists the caller's organizations.", in: Self.group, .signedIn,
                query: QueryParameter.page, .page(of: Organization.membershipShape)
            ) { request in try await accounts.organizations(of: request.principal, try request.page()) },
            .get(
                "/organizations/{organization}", "Shows an organization.", in: Self.group,
                .organization(.readOrganization), .one(Organization.shape)
            ) { request in try await accounts.organization(try request.requireOrganization()) },
            .json(
                .patch, "/organizations/{organization}", "Changes name or slug of an organization.", in: Self.group,
                .organization(.writeOrganization), takes: ChangeRequest.self, .one(Organization.shape)
            ) { request, body in
                try await accounts.change(
                    try request.requireOrganization(), name: body.name, slug: body.slug, by: request.actor)
            },
        ]
    }

    private var members: [Endpoint] {
        [
            .get(
                "/organizations/{organization}/members", "Lists the members of an organization.", in: Self.group,
                .organization(.readMembers), query: QueryParameter.page, .page(of: Member.shape)
            ) { request in try await accounts.members(of: try request.requireOrganization(), try request.page()) },
            .json(
                .patch, "/organizations/{organization}/members/{user}",
                "Gives a member another role, up to the caller's own.", in: Self.group,
                .organization(.writeMembers), takes: RoleRequest.self, .one(Member.shape)
            ) { request, body in
                try await accounts.setRole(
                    body.role, of: try request.id("user"), in: try request.requireOrganization(), by: request.actor,
                    with: try request.requirePlace().role)
            },
            .action(
                .delete, "/organizations/{organization}/members/{user}",
                "Takes a member out; the member's keys and open invitations end.", in: Self.group,
                .organization(.writeMembers), .nothing
            ) { request in
                try await accounts.remove(
                    try request.id("user"), from: try request.requireOrganization(), by: request.actor,
                    with: try request.requirePlace().role)
            },
            .action(
                .post, "/organizations/{organization}/leave", "Leaves an organization.", in: Self.group,
                .organization(.readOrganization), .nothing
            ) { request in
                try await accounts.remove(
                    try request.requirePerson(), from: try request.requireOrganization(), by: request.actor,
                    with: try request.requirePlace().role)
            },
        ]
    }
}

private struct CreationRequest: RequestBody {
    static let example: JSONObject? = ["name": "Museum of Objects"]

    let name: String
    let slug: String?

    init(_ fields: Fields) {
        name = fields.required("name", .name())
        slug = fields.optional("slug", .slug, "Made of the name when absent.")
    }
}

private struct ChangeRequest: RequestBody {
    static let example: JSONObject? = ["name": "Customer Support"]

    let name: String?
    let slug: String?

    init(_ fields: Fields) {
        name = fields.optional("name", .name())
        slug = fields.optional("slug", .slug)
    }
}

/// A role that is given to somebody.
struct RoleRequest: RequestBody {
    static let example: JSONObject? = ["role": "editor"]

    let role: Role

    init(_ fields: Fields) { role = fields.required("role", .word) }
}
