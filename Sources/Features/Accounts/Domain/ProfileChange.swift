package import EdisonCore

/// What somebody changes of the own account; nil stays as it is.
package struct ProfileChange: Sendable {
    package let email: String?
    /// `.some(nil)` takes the name away.
    package let name: String??
    package let password: String?
    /// Needed for a new address or password, once there is a password.
    package let currentPassword: String?

    package init(email: String?, name: String??, password: String?, currentPassword: String?) {
        self.email = email
        self.name = name
        self.password = password
        self.currentPassword = currentPassword
    }

    var isSensitive: Bool { email != nil || password != nil }

    /// What the audit log says: never the values, so that nothing is left there of one who is erased.
    var changedFields: [String] {
        [email.map { _ in "email" }, name.map { _ in "name" }, password.map { _ in "password" }].compactMap(\.self)
    }
}
