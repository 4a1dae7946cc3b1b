package import EdisonCore
package import EdisonEvents
package import EdisonSQL
import EdisonSecrets

/// Makes and revokes the keys by which programs work. A key never can do more than whoever made it can at the moment,
/// and ends with that person's membership.
package struct KeyService: Sendable {
    let database: Database
    let audit = AuditTrail()
    let keys = KeyStore()
    let now: @Sendable () -> Timestamp

    package init(database: Database, now: @escaping @Sendable () -> Timestamp = { .now }) {
        self.database = database
        self.now = now
    }

    /// - Parameters:
    ///   - own: the maker's role in the organisation.
    ///   - known: the names of all permissions that a key can have.
    /// - Returns: the key itself too, which is shown this once.
    func make(
        _ wish: APIKeyWish, in organization: OrganizationID, for maker: UserID, own: Role, known: [String],
        by actor: Actor
    ) async throws -> (key: APIKey, text: String) {
        let role = wish.role ?? min(own, .editor)
        try RoleRules.requireGiveable(role, by: own)
        try KeyRights.requireKnown(wish.scopes, among: known)
        let moment = now()
        if let end = wish.expiresAt, end <= moment {
            throw EdisonError(
                .invalid, "The key would have expired already.",
                issues: [FieldIssue(path: "expires_at", message: "must lie in the future")])
        }
        let token = RandomToken(prefix: "edk_")
        return try await database.write { db in
            let project = try wish.project.map { name in
                guard let found = try keys.project(name, of: organization, in: db) else {
                    throw EdisonError(
                        .invalid, "There is no such project in this organization.",
                        issues: [FieldIssue(path: "project", message: "must be the id or slug of a project")])
                }
                return found
            }
            let key = APIKey(
                id: IDSource.random.next(), organization: organization, project: project, name: wish.name,
                hint: "\(token.text.prefix(8))…", role: role, scopes: wish.scopes, creator: maker, createdAt: moment,
                expiresAt: wish.expiresAt, usedAt: nil, revokedAt: nil)
            try keys.insert(key, digest: token.digest, in: db)
            try audit.record(
                "api_key.created", of: ("api_key", key.id.text), by: actor,
                metadata: ["role": .string(role.rawValue), "scopes": .array(wish.scopes.map { .string($0) })], db)
            return (key, token.text)
        }
    }

    /// Those that are not revoked: of everybody for who manages the organisation, else the own ones.
    func keys(
        of organization: OrganizationID, for user: UserID?, role: Role, _ page: PageRequest
    ) async throws -> Listing<APIKey> {
        let owner = role >= .admin ? nil : user ?? UserID("")
        let found = try await database.read { db in try keys.keys(of: organization, by: owner, page, in: db) }
        return Listing(found, page) { Cursor($0.id.text) }
    }

    /// Ends at once what the key can do.
    func revoke(
        _ id: String, of organization: OrganizationID, for user: UserID?, role: Role, by actor: Actor
    ) async throws {
        let moment = now()
        try await database.write { db in
            guard let key = try keys.key(id, of: organization, in: db),
                role >= .admin || key.creator == user, try keys.revoke(key.id, at: moment, in: db)
            else { throw EdisonError(.notFound, "There is no such key.") }
            try audit.record("api_key.revoked", of: ("api_key", key.id.text), by: actor, db)
        }
    }
}
