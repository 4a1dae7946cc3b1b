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

    /// With what the caller is in it.
    static let membershipShape = Shape<(organization: Organization, role: Role)>(
        "Membership", Organization.shape.of { $0.organization } + [.word("member_role") { $0.role }])
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

extension SignedInPage {
    /// Without the cookie, which no script may read.
    static let shape = Shape<SignedInPage>(
        "SignedInPage", [.part("user", User.shape, \.user), .text("csrf_token", \.csrf)])
}

extension PersonSession {
    static let shape = Shape<PersonSession>(
        "Session",
        [
            .text("id", \.id), .word("kind", \.kind), .optionalText("client", \.client),
            .time("created_at", \.createdAt), .time("used_at", \.usedAt), .time("expires_at", \.expiresAt),
            .bool("is_current", \.isCurrent),
        ])
}

extension Member {
    static let shape = Shape<Member>(
        "Member",
        [
            .id("user_id", \.user.id), .optionalText("email", \.user.email), .optionalText("name", \.user.name),
            .word("role", \.role), .time("created_at", \.createdAt),
        ])
}

extension APIKey {
    static let shape = Shape<APIKey>(
        "APIKey",
        [
            .id("id", \.id), .text("name", \.name), .text("hint", \.hint), .word("role", \.role),
            .texts("scopes", \.scopes), .optionalID("project_id", \.project), .optionalID("created_by", \.creator),
            .time("created_at", \.createdAt), .optionalTime("expires_at", \.expiresAt),
            .optionalTime("used_at", \.usedAt),
        ])
}

extension Permission {
    static let shape = Shape<Permission>("Permission", [.text("name", \.name), .word("role", \.role)])
}
