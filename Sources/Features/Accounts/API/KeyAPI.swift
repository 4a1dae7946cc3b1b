import EdisonCore
import EdisonWeb
import HTTPTypes

/// The keys by which programs work.
struct KeyAPI: Sendable {
    let keys: KeyService
    /// Everything that a key can be allowed.
    let permissions: [Permission]

    private static let group = "API keys"

    var endpoints: [Endpoint] {
        let known = permissions.map(\.name)
        return [
            .json(
                .post, "/organizations/{organization}/api-keys",
                "Makes a key, which is shown this once. It never can do more than its maker.", in: Self.group,
                .organization(.writeKeys), takes: KeyRequest.self, .one(Self.made, .created)
            ) { request, body in
                // A key that made keys would outlive being revoked.
                let maker = try request.requirePerson()
                let made = try await keys.make(
                    body.wish, in: try request.requireOrganization(), for: maker,
                    own: try request.requirePlace().role, known: known, by: request.actor)
                return MadeKey(key: made.key, text: made.text)
            },
            .get(
                "/organizations/{organization}/api-keys",
                "Lists the keys: the caller's own, and for an admin those of all.", in: Self.group,
                .organization(.readKeys), query: QueryParameter.page, .page(of: APIKey.shape)
            ) { request in
                try await keys.keys(
                    of: try request.requireOrganization(), for: request.principal.user,
                    role: try request.requirePlace().role, try request.page())
            },
            .action(
                .delete, "/organizations/{organization}/api-keys/{key}", "Revokes a key, at once.", in: Self.group,
                .organization(.writeKeys), .nothing
            ) { request in
                try await keys.revoke(
                    try request.parameter("key"), of: try request.requireOrganization(), for: request.principal.user,
                    role: try request.requirePlace().role, by: request.actor)
            },
            .get(
                "/permissions", "Lists the permissions: the scopes of keys, with the least role that has each.",
                in: Self.group, .signedIn, .page(of: Permission.shape)
            ) { _ in Listing(items: permissions) },
        ]
    }

    private struct MadeKey: Sendable {
        let key: APIKey
        let text: String
    }

    private static let made = Shape<MadeKey>("NewAPIKey", APIKey.shape.of(\MadeKey.key) + [.text("key", \.text)])
}

private struct KeyRequest: RequestBody {
    static let example: JSONObject? = ["name": "Support app", "role": "viewer", "scopes": ["prompts:read"]]

    let wish: APIKeyWish

    init(_ fields: Fields) {
        wish = APIKeyWish(
            name: fields.required("name", .name()),
            scopes: fields.required(
                "scopes", .list(of: .text(1...100), 1...200), "Names of permissions; * stands for all."),
            role: fields.optional("role", .word, "Up to the maker's own; editor, or less, when absent."),
            project: fields.optional("project", .text(1...100), "Id or slug; all projects when absent."),
            expiresAt: fields.optional("expires_at", .time))
    }
}
