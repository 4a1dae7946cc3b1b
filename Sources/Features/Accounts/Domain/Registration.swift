package import EdisonCore
import Foundation

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

/// A slug from a name: `Müller & Co` becomes `muller-co`.
package enum Slug {
    package static func of(_ name: String) -> String {
        let plain = name.lowercased().decomposedStringWithCanonicalMapping.unicodeScalars
            .filter { !(0x300...0x36F).contains($0.value) }
        var slug = ""
        for scalar in plain {
            if ("a"..."z").contains(scalar) || ("0"..."9").contains(scalar) {
                slug.unicodeScalars.append(scalar)
            } else if !slug.isEmpty, !slug.hasSuffix("-") {
                slug += "-"
            }
        }
        let cut = String(slug.prefix(50)).trimmingHyphens
        return cut.isEmpty ? "organization" : cut
    }
}

extension String {
    fileprivate var trimmingHyphens: String {
        var text = self
        while text.hasSuffix("-") { text.removeLast() }
        return text
    }
}
