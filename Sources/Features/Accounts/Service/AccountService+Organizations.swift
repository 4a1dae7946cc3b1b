package import EdisonCore
package import EdisonEvents
import EdisonSQL

extension AccountService {
    /// Makes an organisation with its project `default`; whoever makes it owns it.
    package func makeOrganization(
        name: String, slug: String?, for user: UserID, by actor: Actor
    ) async throws -> Organization {
        try await database.write { db in
            if let slug { try requireFree(slug: slug, db) }
            let made = try home(of: user, named: name, slug: slug, takesLocal: false, in: db)
            var actor = actor
            actor.organization = made.id
            try audit.record("organization.created", of: ("organization", made.id.text), by: actor, db)
            return made
        }
    }

    /// Those that the caller is in; of a key the one that it belongs to.
    package func organizations(
        of principal: Principal, _ page: PageRequest
    ) async throws -> Listing<(organization: Organization, role: Role)> {
        let found: [(Organization, Role)] = try await database.read { db in
            switch principal {
            case .anonymous: return []
            case .user(let user, _): return try accounts.organizations(of: user, page, in: db)
            case .key(let key):
                let organization = try accounts.organization(key.organization, in: db)
                return page.after == nil ? organization.map { [($0, key.role)] } ?? [] : []
            }
        }
        return Listing(found, page) { Cursor($0.0.id.text) }.map { (organization: $0.0, role: $0.1) }
    }

    package func organization(_ id: OrganizationID) async throws -> Organization {
        guard let found = try await database.read({ db in try accounts.organization(id, in: db) }) else {
            throw EdisonError(.notFound, "There is no such organization.")
        }
        return found
    }

    /// nil stays as it is.
    package func change(
        _ id: OrganizationID, name: String?, slug: String?, by actor: Actor
    ) async throws -> Organization {
        try await database.write { db in
            guard let present = try accounts.organization(id, in: db) else {
                throw EdisonError(.notFound, "There is no such organization.")
            }
            if let slug, slug != present.slug { try requireFree(slug: slug, db) }
            try accounts.rename(id, to: name ?? present.name, slug: slug ?? present.slug, in: db)
            let changed = try accounts.organization(id, in: db) ?? present
            // Names may tell of people, who can be erased: the log has none.
            try audit.record(
                "organization.changed", of: ("organization", id.text), by: actor,
                metadata: [
                    "fields": .array([name.map { _ in "name" }, slug.map { _ in "slug" }].compactMap(\.self))
                ], db)
            return changed
        }
    }

    private func requireFree(slug: String, _ db: any DatabaseConnection) throws {
        guard try accounts.isTaken(slug: slug, in: db) else { return }
        throw EdisonError(
            .conflict, "There is another organization with this slug.",
            issues: [FieldIssue(path: "slug", message: "is taken")])
    }

    // MARK: Members

    package func members(of organization: OrganizationID, _ page: PageRequest) async throws -> Listing<Member> {
        let found = try await database.read { db in try members.members(of: organization, page, in: db) }
        return Listing(found, page) { Cursor($0.user.id.text) }
    }

    /// - Parameter role: of whoever changes it, in this organisation.
    package func setRole(
        _ next: Role, of user: UserID, in organization: OrganizationID, by actor: Actor, with role: Role
    ) async throws -> Member {
        try await database.write { db in
            let present = try allowed(next, for: user, in: organization, by: actor, with: role, db)
            try members.setRole(next, of: user, in: organization, db)
            try audit.record(
                "member.role_changed", of: ("user", user.text), by: actor,
                changes: ["before": .string(present.role.rawValue), "after": .string(next.rawValue)], db)
            return Member(user: present.user, organization: organization, role: next, createdAt: present.createdAt)
        }
    }

    /// Takes somebody out, or leaves: the keys and open invitations of the person end with it.
    package func remove(
        _ user: UserID, from organization: OrganizationID, by actor: Actor, with role: Role
    ) async throws {
        let moment = now()
        try await database.write { db in
            let present = try allowed(nil, for: user, in: organization, by: actor, with: role, db)
            try members.remove(user, from: organization, at: moment, in: db)
            try audit.record(
                actor.user == user && actor.key == nil ? "member.left" : "member.removed", of: ("user", user.text),
                by: actor, changes: ["before": .string(present.role.rawValue)], db)
        }
    }

    private func allowed(
        _ next: Role?, for user: UserID, in organization: OrganizationID, by actor: Actor, with role: Role,
        _ db: any DatabaseConnection
    ) throws -> Member {
        let owners = try members.lockOwners(of: organization, in: db)
        guard let present = try members.member(user, of: organization, in: db) else {
            throw EdisonError(.notFound, "There is no such member.")
        }
        try RoleRules.check(
            .init(
                by: role, present: present.role, next: next, isOwn: actor.user == user && actor.key == nil,
                isLastOwner: owners == [user]))
        return present
    }
}
