import EdisonCore
import EdisonWeb
import HTTPTypes

/// Which plan each organization has, for whoever runs the installation.
struct TierAPI: Sendable {
    let accounts: AccountService

    private static let group = "Installation"

    var endpoints: [Endpoint] {
        [
            .get(
                "/installation/organizations", "Lists all organizations with their plans, the newest first.",
                in: Self.group, .installation(.manageOrganizations), query: QueryParameter.page,
                .page(of: Organization.shape)
            ) { try await accounts.allOrganizations(try $0.page()) },
            .json(
                .patch, "/installation/organizations/{organization}",
                "Gives an organization another plan; what it has beyond it stays.", in: Self.group,
                .installation(.manageOrganizations), takes: TierRequest.self, .one(Organization.shape)
            ) { request, body in
                try await accounts.setTier(body.tier, of: try request.id("organization"), by: request.actor)
            },
        ]
    }
}

private struct TierRequest: RequestBody {
    static let example: JSONObject? = ["tier": "pro"]

    let tier: OrganizationTier

    init(_ fields: Fields) { tier = fields.required("tier", .word) }
}
