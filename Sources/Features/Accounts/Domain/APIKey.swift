package import EdisonCore

/// What is known of a key after it was shown once.
package struct APIKey: Hashable, Sendable {
    package let id: APIKeyID
    package let organization: OrganizationID
    /// nil: all projects of the organisation.
    package let project: ProjectID?
    package let name: String
    /// The beginning of the key, by which a person finds it again.
    package let hint: String
    package let role: Role
    package let scopes: [String]
    package let creator: UserID?
    package let createdAt: Timestamp
    package let expiresAt: Timestamp?
    package let usedAt: Timestamp?
    package let revokedAt: Timestamp?
}

/// What somebody wants a new key to be.
package struct APIKeyWish: Sendable {
    package let name: String
    /// Names of permissions; `*` stands for all.
    package let scopes: [String]
    /// nil: editor, or the maker's own where that is less.
    package let role: Role?
    /// Id or slug; nil: all projects.
    package let project: String?
    package let expiresAt: Timestamp?
}

/// How much a key may do at the moment: never more than whoever made it, and nothing when that person has no part in
/// the place any more.
enum KeyRights {
    static func role(of key: Role, makerInOrganization: Role?, makerInProject: Role?) -> Role? {
        [makerInOrganization, makerInProject].compactMap(\.self).max().map { min(key, $0) }
    }

    static func requireKnown(_ scopes: [String], among known: [String]) throws {
        let issues = scopes.enumerated().filter { $1 != "*" && !known.contains($1) }.map { index, _ in
            FieldIssue(path: "scopes[\(index)]", message: "must be * or one of \(known.joined(separator: ", "))")
        }
        guard issues.isEmpty else {
            throw EdisonError(.invalid, "There are no such scopes.", issues: issues)
        }
    }
}
