import EdisonCore
import EdisonWeb

extension User {
    static let shape = Shape<User>(
        "User",
        [
            .id("id", \.id), .optionalText("email", \.email), .optionalText("name", \.name), .word("role", \.role),
            .time("created_at", \.createdAt), .time("updated_at", \.updatedAt),
        ])
}

extension Organization {
    static let shape = Shape<Organization>(
        "Organization",
        [
            .id("id", \.id), .text("slug", \.slug), .text("name", \.name), .word("tier", \.tier),
            .time("created_at", \.createdAt),
        ])
}

extension ProjectReference {
    static let shape = Shape<ProjectReference>(
        "ProjectReference", [.id("id", \.id), .text("slug", \.slug), .text("name", \.name)])
}

extension SignedIn {
    static let shape = Shape<SignedIn>(
        "SignedIn",
        [
            .part("user", User.shape, \.user), .optionalPart("organization", Organization.shape, \.organization),
            .optionalPart("project", ProjectReference.shape, \.project), .text("access_token", \.accessToken),
            .text("refresh_token", \.refreshToken), .integer("expires_in", \.expiresIn),
        ])
}
