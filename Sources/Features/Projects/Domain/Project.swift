package import EdisonCore

/// Where the work of an organisation on one thing lives: its prompts, datasets, experiments, providers.
package struct Project: Hashable, Sendable {
    package let id: ProjectID
    package let organization: OrganizationID
    package var slug: String
    package var name: String
    package var description: String
    package var settings: JSONObject
    package let createdAt: Timestamp
    package var updatedAt: Timestamp

    /// Changes with every change of the project: what a caller has seen is named by it.
    package var tag: String { ContentHash(of: "\(id) \(updatedAt.microseconds)").text.prefix(16).description }
}

/// A person in a project, beside the part that the organisation gives.
package struct ProjectMember: Hashable, Sendable {
    package let user: UserID
    package let email: String?
    package let name: String?
    package let role: Role
    package let createdAt: Timestamp
}

extension Permission {
    package static let readProject = Permission("projects:read", from: .viewer)
    package static let createProjects = Permission("projects:create", from: .admin)
    package static let changeProject = Permission("projects:write", from: .admin)
    package static let deleteProject = Permission("projects:delete", from: .owner)
    package static let manageProjectMembers = Permission("projects:members", from: .admin)
}
