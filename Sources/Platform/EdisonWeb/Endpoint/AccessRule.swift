package import EdisonCore
package import EdisonSQL

/// Who may use an endpoint. There is no standard: every endpoint says it.
package enum AccessRule: Sendable {
    /// Anybody, known or not.
    case open
    /// Whoever is known, for what concerns only the caller.
    case signedIn
    /// A person, and no program with a key.
    case person
    /// In the organisation that `{organization}` of the path names.
    case organization(Permission)
    /// In the project that `{project}` of the path names.
    case project(Permission)
    /// Where the thing that `{id}` of the path names stands.
    case entity(Permission, EntityOwner)
    /// For whoever runs the installation.
    case installation(Permission)

    package var permission: Permission? {
        switch self {
        case .open, .signedIn, .person: nil
        case .organization(let permission), .project(let permission), .entity(let permission, _),
            .installation(let permission):
            permission
        }
    }
}

/// Finds where a thing stands, by its id: nil when there is none.
package struct EntityOwner: Sendable {
    /// Such as "experiment", for the message that there is none.
    package let kind: String
    package let find: @Sendable (_ id: String, any DatabaseConnection) throws -> EntityPlace?

    package init(
        _ kind: String, _ find: @escaping @Sendable (_ id: String, any DatabaseConnection) throws -> EntityPlace?
    ) {
        self.kind = kind
        self.find = find
    }
}

/// What a thing belongs to, as far as access goes.
package enum EntityPlace: Sendable, Hashable {
    case organization(OrganizationID)
    case project(ProjectID)
}

/// Where a request acts, and how much whoever asks may do there.
package struct Place: Sendable, Hashable {
    /// nil: the installation as a whole.
    package let organization: OrganizationID?
    /// nil: the organisation as a whole.
    package let project: ProjectID?
    package let role: Role
    /// Of all callers of the organization together, where its plan says so; nil: as the settings say.
    package let requestsPerMinute: Int?

    package init(organization: OrganizationID?, project: ProjectID?, role: Role, requestsPerMinute: Int? = nil) {
        self.organization = organization
        self.project = project
        self.role = role
        self.requestsPerMinute = requestsPerMinute
    }
}

/// What a rule of access asks for, with the names of a request's path.
package enum AccessTarget: Sendable {
    case organization(String)
    case project(String)
    case entity(EntityOwner, id: String)
    case installation
}

/// Knows callers and memberships: the port through which the web layer asks, without knowing of accounts.
package protocol AccessControl: Sendable {
    /// - Throws: `unauthenticated` for what is no valid token, key or cookie.
    func principal(of credentials: Credentials) async throws -> Principal
    /// nil: it does not exist, or who asks has no part in it; which of the two is not told.
    func place(of target: AccessTarget, for principal: Principal) async throws -> Place?
    /// The organisations that the caller has a part in.
    func organizations(of principal: Principal) async throws -> [Place]
}

/// What a request shows of who it comes from.
package struct Credentials: Sendable, Hashable {
    package let bearer: String?
    /// Of a page's session.
    package let cookie: String?
    /// What a page sends beside its cookie whenever it changes something, and no page of another origin knows.
    package let csrf: String?
    /// Whether nothing is changed.
    package let isSafe: Bool
    /// Whether the browser says that a page of this server asks: no other page can make it say so.
    package let isFromOwnPage: Bool

    package init(bearer: String?, cookie: String?, csrf: String?, isSafe: Bool, isFromOwnPage: Bool = false) {
        self.bearer = bearer
        self.cookie = cookie
        self.csrf = csrf
        self.isSafe = isSafe
        self.isFromOwnPage = isFromOwnPage
    }
}
