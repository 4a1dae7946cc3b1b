import EdisonCore
import EdisonWeb
import HTTPTypes

/// All accounts, for whoever runs the installation.
struct UserAPI: Sendable {
    let users: UserService

    private static let group = "Installation"

    var endpoints: [Endpoint] {
        [
            .get(
                "/users", "Lists all accounts.", in: Self.group, .installation(.manageUsers),
                query: QueryParameter.page, .page(of: User.shape)
            ) { request in try await users.users(try request.page()) },
            .json(
                .patch, "/users/{user}", "Gives somebody another role in the installation, up to the caller's own.",
                in: Self.group, .installation(.manageUsers), takes: RoleRequest.self, .one(User.shape)
            ) { request, body in
                try await users.setRole(
                    body.role, of: try request.id("user"), by: request.actor, with: try request.requirePlace().role)
            },
            .action(
                .delete, "/users/{user}", "Erases an account and whatever tells of the person, for good.",
                in: Self.group, .installation(.manageUsers), .nothing
            ) { request in
                try await users.erase(
                    try request.id("user"), by: request.actor, with: try request.requirePlace().role)
            },
        ]
    }
}
