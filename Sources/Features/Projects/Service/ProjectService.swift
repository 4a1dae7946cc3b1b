package import EdisonCore
import EdisonEvents
package import EdisonQuotas
package import EdisonSQL
import EdisonSchema
package import EdisonWeb

/// Makes projects, changes them, and says who works in them.
package struct ProjectService: Sendable {
    let database: Database
    let access: any AccessControl
    let quotas: Quotas
    let audit = AuditTrail()
    let store = ProjectStore()

    package init(database: Database, access: any AccessControl, quotas: Quotas = .unlimited) {
        self.database = database
        self.access = access
        self.quotas = quotas
    }

    /// - Parameter organization: id or slug; nil = the one that the caller is in.
    func create(
        name: String, slug: String?, description: String, organization: String?, by principal: Principal, _ actor: Actor
    ) async throws -> Project {
        let home = try await home(organization, of: principal)
        let now = Timestamp.now
        let project = Project(
            id: IDSource.random.next(), organization: home, slug: slug ?? Slug.of(name), name: name,
            description: description, settings: [:], createdAt: now, updatedAt: now)
        try await database.write { db in
            try quotas.require(1, of: .projects, for: home, in: db)
            try requireFree(project, db)
            try store.insert(project, in: db)
            var actor = actor
            (actor.organization, actor.project) = (home, project.id)
            try audit.record(
                "project.created", of: ("project", project.id.text), by: actor,
                changes: ["after": Project.shape.json(project)], db)
        }
        return project
    }

    private func home(_ name: String?, of principal: Principal) async throws -> OrganizationID {
        let found: [Place]
        if let name {
            guard let place = try await access.place(of: .organization(name), for: principal) else {
                throw EdisonError(.notFound, "There is no such organization.")
            }
            found = [place]
        } else {
            found = try await access.organizations(of: principal)
            if found.isEmpty { throw EdisonError(.forbidden, "You belong to no organization.") }
        }
        let allowed = found.filter { place in
            if case .key(let key) = principal, !key.allows(.createProjects) { return false }
            return place.role >= Permission.createProjects.role
        }
        guard let first = allowed.first?.organization else {
            throw EdisonError(
                .forbidden, "You may not make projects here.",
                detail: "It needs the permission \(Permission.createProjects), which the role admin has.")
        }
        guard allowed.count == 1 else {
            throw EdisonError(
                .invalid, "You may make projects in several organizations.",
                issues: [FieldIssue(path: "organization", message: "must name one of them, by id or slug")])
        }
        return first
    }

    private func requireFree(_ project: Project, _ db: any DatabaseConnection) throws {
        guard try store.isTaken(slug: project.slug, in: project.organization, but: project.id, db) else { return }
        throw EdisonError(
            .conflict, "The organization has a project \"\(project.slug)\" already.",
            issues: [FieldIssue(path: "slug", message: "is taken")])
    }

    package func project(_ id: ProjectID) async throws -> Project {
        guard let project = try await database.read({ db in try store.project(id, in: db) }) else {
            throw EdisonError(.notFound, "There is no such project.")
        }
        return project
    }

    func projects(of principal: Principal, _ page: PageRequest) async throws -> Listing<Project> {
        let found = try await database.read { db in
            switch principal {
            case .anonymous: [Project]()
            case .user(let user, _): try store.projects(of: user, page, in: db)
            case .key(let key): try store.projects(of: key, page, in: db)
            }
        }
        return Listing(found, page) { Cursor($0.id.text) }
    }

    func update(
        _ id: ProjectID, seen: ChangeCondition<Project>, by actor: Actor,
        _ change: @escaping @Sendable (inout Project) -> Void
    ) async throws -> Project {
        try await database.write { db in
            guard var project = try store.project(id, locked: true, in: db) else {
                throw EdisonError(.notFound, "There is no such project.")
            }
            let before = project
            try seen.require(before)
            change(&project)
            // Never the same as before, however quickly changes follow each other.
            project.updatedAt = max(Timestamp.now, Timestamp(microseconds: before.updatedAt.microseconds + 1))
            try requireFree(project, db)
            try store.update(project, in: db)
            let shape = Project.shape
            try audit.record(
                "project.changed", of: ("project", id.text), by: actor,
                changes: ["before": shape.json(before), "after": shape.json(project)], db)
            return project
        }
    }

    func delete(_ id: ProjectID, by actor: Actor) async throws {
        guard id.text != LocalTenant.project else {
            throw EdisonError(
                .conflict, "This project stays: the command line's runs in this database are its own.",
                detail: "It can have another name.")
        }
        try await database.write { db in
            guard try store.isEmpty(id, in: db) else {
                throw EdisonError(
                    .conflict, "The project still holds experiments, prompts or datasets.",
                    detail: "Delete those first: what was paid for is not removed by the way.")
            }
            let before = try store.project(id, in: db)
            try store.delete(id, in: db)
            try audit.record(
                "project.deleted", of: ("project", id.text), by: actor,
                changes: ["before": before.map(Project.shape.json) ?? .null], db)
        }
    }

    func members(of project: ProjectID) async throws -> [ProjectMember] {
        try await database.read { db in try store.members(of: project, in: db) }
    }

    func setMember(_ user: UserID, _ role: Role, of place: Place, by actor: Actor) async throws -> [ProjectMember] {
        guard let project = place.project else { throw EdisonError(.internal, "No project.") }
        guard role <= place.role else {
            throw EdisonError(.forbidden, "Nobody gives a role above the own one, which is \(place.role.rawValue).")
        }
        return try await database.write { db in
            guard try store.isOfOrganization(user, project, in: db) else {
                throw EdisonError(
                    .notFound, "There is no such member in the organization.", detail: "Invite the person there first.")
            }
            try requireBelow(place.role, user, of: project, by: actor, db)
            try store.setMember(user, role, of: project, in: db)
            try audit.record(
                "project.member_set", of: ("project", project.text), by: actor,
                changes: ["user_id": .string(user.text), "role": .string(role.rawValue)], db)
            return try store.members(of: project, in: db)
        }
    }

    /// Nobody changes the part of somebody who stands higher; everybody may leave.
    private func requireBelow(
        _ role: Role, _ user: UserID, of project: ProjectID, by actor: Actor, _ db: any DatabaseConnection
    ) throws {
        let isOwn = actor.user == user && actor.key == nil
        guard !isOwn, let present = try store.role(of: user, in: project, locked: true, db), present > role else {
            return
        }
        throw EdisonError(
            .forbidden, "You cannot change somebody whose role is above your own.",
            detail: "Your role is \(role.rawValue), theirs is \(present.rawValue).")
    }

    func removeMember(_ user: UserID, of place: Place, by actor: Actor) async throws {
        guard let project = place.project else { throw EdisonError(.internal, "No project.") }
        try await database.write { db in
            try requireBelow(place.role, user, of: project, by: actor, db)
            guard try store.removeMember(user, of: project, in: db) else {
                throw EdisonError(.notFound, "There is no such member of the project.")
            }
            try audit.record(
                "project.member_removed", of: ("project", project.text), by: actor,
                changes: ["user_id": .string(user.text)], db)
        }
    }
}
