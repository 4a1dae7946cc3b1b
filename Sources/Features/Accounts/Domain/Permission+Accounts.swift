package import EdisonCore

extension Permission {
    package static let readOrganization = Permission("organization:read", from: .viewer)
    package static let writeOrganization = Permission("organization:write", from: .admin)
    package static let readMembers = Permission("members:read", from: .viewer)
    package static let writeMembers = Permission("members:write", from: .admin)
    package static let readKeys = Permission("api-keys:read", from: .editor)
    package static let writeKeys = Permission("api-keys:write", from: .editor)
    /// Over all accounts of the installation.
    package static let manageUsers = Permission("users:manage", from: .admin)
    package static let manageOrganizations = Permission("organizations:manage", from: .admin)
}
