package import EdisonCore

/// A person with an account.
package struct User: Hashable, Sendable {
    package let id: UserID
    /// nil: the owner of a server on this machine, who has signed in by its link and given none yet.
    package let email: String?
    package let name: String?
    /// What new memberships begin with; from `admin` on it is also the right to run the installation.
    package let role: Role
    package let createdAt: Timestamp
    package let updatedAt: Timestamp
}

/// The tenant: everything belongs to exactly one.
package struct Organization: Hashable, Sendable {
    package let id: OrganizationID
    package let slug: String
    package let name: String
    package let tier: OrganizationTier
    package let createdAt: Timestamp
}

/// A person in an organisation.
package struct Member: Hashable, Sendable {
    package let user: User
    package let organization: OrganizationID
    package let role: Role
    package let createdAt: Timestamp
}
