/// Who asks: found out before anything else is done, and written down with whatever is changed.
package enum Principal: Hashable, Sendable {
    case anonymous
    /// A person, through a token or a page's cookie; `session` is what logging out ends.
    case user(UserID, session: String)
    /// A program, through a key of an organisation: it may do what its scopes name, and no more than its role.
    case key(KeyPrincipal)

    package var user: UserID? {
        switch self {
        case .anonymous: nil
        case .user(let id, _): id
        case .key(let key): key.creator
        }
    }

    /// What limits of rate and replays of requests are counted by; nil = nobody is known.
    package var name: String? {
        switch self {
        case .anonymous: nil
        case .user(let id, _): "user \(id)"
        case .key(let key): "key \(key.id)"
        }
    }
}

/// What an API key stands for.
package struct KeyPrincipal: Hashable, Sendable {
    package let id: APIKeyID
    package let organization: OrganizationID
    /// nil: all projects of the organisation.
    package let project: ProjectID?
    package let role: Role
    /// Names of permissions; `*` stands for all.
    package let scopes: Set<String>
    /// Who made it: what it does is done in that person's name.
    package let creator: UserID?

    package init(
        id: APIKeyID, organization: OrganizationID, project: ProjectID?, role: Role, scopes: Set<String>,
        creator: UserID?
    ) {
        self.id = id
        self.organization = organization
        self.project = project
        self.role = role
        self.scopes = scopes
        self.creator = creator
    }

    package func allows(_ permission: Permission) -> Bool {
        role >= permission.role && (scopes.contains("*") || scopes.contains(permission.name))
    }
}
