import EdisonCore

/// What an organisation is called after a person, when that person is erased.
enum ErasedName {
    /// Whether a name tells of the person: organisations get their names from those who register.
    static func tells(_ organization: Organization, of user: User) -> Bool {
        let local = user.email.map { String($0.prefix { $0 != "@" }) }
        let words = [user.name, user.email, local].compactMap(\.self).filter { !$0.isEmpty }
        return words.contains { word in
            organization.name.lowercased().contains(word.lowercased())
                || organization.slug.contains(Slug.of(word))
        }
    }

    static func name(of organization: OrganizationID) -> String { "Organization \(suffix(organization))" }
    static func slug(of organization: OrganizationID) -> String { "organization-\(suffix(organization))" }

    /// The random end of the id.
    private static func suffix(_ organization: OrganizationID) -> String { String(organization.text.suffix(8)) }
}
