import EdisonCore

/// What somebody gives who makes an account.
package struct Registration: Sendable {
    package let email: String
    package let password: String
    package let name: String?
    /// The name of the organisation that is made with it.
    package let organization: String?

    package init(email: String, password: String, name: String?, organization: String?) {
        self.email = email
        self.password = password
        self.name = name
        self.organization = organization
    }

    var organizationName: String {
        organization ?? name.map { "\($0)’s organization" } ?? "\(email.prefix { $0 != "@" })’s organization"
    }
}
