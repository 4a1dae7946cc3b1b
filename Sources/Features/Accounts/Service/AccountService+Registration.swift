package import EdisonCore
import EdisonEvents
import EdisonQuotas
import EdisonSQL
import EdisonSchema
import EdisonSecrets

extension AccountService {
    /// Makes an account: with an organisation and its project `default`, or as a member of the one that invited. The
    /// first account of a database owns the installation, and takes over what the command line has made there.
    package func register(
        _ wish: Registration, client: String?, request: String? = nil
    ) async throws -> SignedIn {
        try registration.admit(hasInvitation: wish.invitation != nil, hasLink: wish.link != nil)
        let moment = now()
        // Before the costly hash, so that nobody makes the server work with a token that is none.
        try await database.read { db in
            if let token = wish.invitation { _ = try self.invitation(token, for: wish.email, at: moment, db) }
            if wish.link != nil, try !accounts.isEmpty(in: db) { throw Self.linkIsSpent }
        }
        let hash = try await passwords.hash(wish.password)
        // Serial: of two who come at the same moment, one is the first.
        let user = try await database.write(.serial) { db in
            let isFirst = try accounts.isEmpty(in: db)
            if let link = wish.link { try useFirstLink(link, isFirst: isFirst, at: moment, db) }
            // What one who was erased has left behind is not for whoever comes next.
            if isFirst, wish.link == nil, try accounts.hasHadOwner(in: db) { throw Self.needsLink }
            let invitation = try wish.invitation.map { try self.invitation($0, for: wish.email, at: moment, db) }
            try requireFree(wish.email, db)
            let user = User(
                id: IDSource.random.next(), email: wish.email, name: wish.name, role: isFirst ? .owner : .editor,
                createdAt: moment, updatedAt: moment)
            try accounts.insert(user, passwordHash: hash, in: db)
            if let invitation {
                try join(user.id, by: invitation, at: moment, request: request, db)
            } else {
                _ = try home(of: user.id, named: wish.organizationName, takesLocal: isFirst, in: db)
            }
            try note("user.registered", about: user.id, by: Actor(user: user.id, request: request), db)
            return user
        }
        return try await signedIn(user, client: client)
    }

    private static var needsLink: EdisonError {
        EdisonError(
            .forbidden, "This installation has lost its owner; the next one comes by its link.",
            detail: "The server prints it when it starts.")
    }

    private func useFirstLink(
        _ link: String, isFirst: Bool, at moment: Timestamp, _ db: any DatabaseConnection
    ) throws {
        guard isFirst, case .firstOwner? = try links.use(RandomToken.digest(link), at: moment, in: db) else {
            throw Self.linkIsSpent
        }
    }

    func requireFree(_ email: String, _ db: any DatabaseConnection) throws {
        guard try accounts.isKnown(email: email, in: db) else { return }
        throw EdisonError(
            .conflict, "There is an account with this e-mail address already.", detail: "Log in with it.",
            issues: [FieldIssue(path: "email", message: "is taken")])
    }

    /// The organisation that somebody owns from the beginning, with its first project.
    func home(
        of user: UserID, named name: String, slug: String? = nil, takesLocal: Bool, in db: any DatabaseConnection
    ) throws -> Organization {
        let local = OrganizationID(LocalTenant.organization)
        if takesLocal, try members.count(of: local, in: db) == 0,
            let organization = try accounts.claim(local, at: now(), in: db)
        {
            try accounts.rename(local, to: name, slug: organization.slug, in: db)
            try accounts.insert(member: user, of: local, .owner, in: db)
            // It runs the installation, whatever others are given.
            try accounts.setTier(.enterprise, of: local, in: db)
            try onTier(local, .enterprise, db)
            return Organization(
                id: local, slug: organization.slug, name: name, tier: .enterprise, createdAt: organization.createdAt)
        }
        let organization = Organization(
            id: IDSource.random.next(), slug: try slug ?? freeSlug(for: name, in: db), name: name,
            tier: quotas.standardTier, createdAt: now())
        try accounts.insert(organization, in: db)
        try onTier(organization.id, organization.tier, db)
        try accounts.insert(member: user, of: organization.id, .owner, in: db)
        let project = ProjectReference(id: IDSource.random.next(), slug: "default", name: "Default")
        try accounts.insertProject(project, of: organization.id, in: db)
        return organization
    }

    private func freeSlug(for name: String, in db: any DatabaseConnection) throws -> String {
        let slug = Slug.of(name)
        guard try accounts.isTaken(slug: slug, in: db) else { return slug }
        // Numbers would tell how many others there are.
        return "\(slug)-\(RandomToken.bytes(3).map { String($0, radix: 36) }.joined())"
    }
}
