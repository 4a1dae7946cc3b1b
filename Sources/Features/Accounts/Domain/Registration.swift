import EdisonCore

/// What somebody gives who makes an account.
package struct Registration: Sendable {
    package let email: String
    package let password: String
    package let name: String?
    /// The name of the organisation that is made with it.
    package let organization: String?
    /// Of an invitation; then its organisation is joined, and none is made.
    package let invitation: String?
    /// Of the link that the server printed for the first owner.
    package let link: String?

    package init(
        email: String, password: String, name: String?, organization: String?, invitation: String? = nil,
        link: String? = nil
    ) {
        self.email = email
        self.password = password
        self.name = name
        self.organization = organization
        self.invitation = invitation
        self.link = link
    }

    var organizationName: String {
        organization ?? name.map { "\($0)’s organization" } ?? "\(email.prefix { $0 != "@" })’s organization"
    }
}
