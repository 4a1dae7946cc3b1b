import EdisonCore
import EdisonQuotas
import EdisonSQL
import EdisonWeb

/// Finds what a request acts on and which part the caller has in it, in one reading.
struct AccessStore: Sendable {
    let quotas: Quotas

    /// nil: it does not exist, or the caller has no part in it.
    func place(of target: AccessTarget, for principal: Principal, in db: any DatabaseConnection) throws -> Place? {
        switch target {
        case .organization(let name): try organization(name, principal, db)
        case .project(let name): try project(name, principal, db)
        case .entity(let owner, let id):
            switch try owner.find(id, db) {
            case .organization(let found): try organization(found.text, principal, db)
            case .project(let found): try project(found.text, principal, db)
            case nil: nil
            }
        case .installation: try installation(principal, db)
        }
    }

    private func organization(_ name: String, _ principal: Principal, _ db: any DatabaseConnection) throws -> Place? {
        switch principal {
        case .anonymous: return nil
        case .user(let user, _):
            let row = try db.fetchOne(
                """
                SELECT o.id, o.tier, m.role FROM organization o
                JOIN organization_member m ON m.organization_id = o.id AND m.user_id = \(user)
                WHERE o.id = \(name) OR o.slug = \(name)
                ORDER BY CASE WHEN o.id = \(name) THEN 0 ELSE 1 END
                """)
            return try row.map { row in
                Place(
                    organization: try row.id("id"), project: nil, role: try row.role("role"),
                    requestsPerMinute: try requestsPerMinute(row))
            }
        case .key(let key):
            // A key of one project has no part in the organisation as a whole.
            guard key.project == nil else { return nil }
            let row = try db.fetchOne(
                "SELECT id, tier FROM organization WHERE id = \(key.organization) AND (id = \(name) OR slug = \(name))")
            return try row.map { row in
                Place(
                    organization: key.organization, project: nil, role: key.role,
                    requestsPerMinute: try requestsPerMinute(row))
            }
        }
    }

    /// By id, or by slug where that names just one of the caller's projects.
    private func project(_ name: String, _ principal: Principal, _ db: any DatabaseConnection) throws -> Place? {
        switch principal {
        case .anonymous: return nil
        case .user(let user, _):
            let rows = try db.fetch(
                """
                SELECT p.id, p.organization_id, o.tier, m.role AS organization_role, r.role AS project_role
                FROM project p JOIN organization o ON o.id = p.organization_id
                LEFT JOIN organization_member m ON m.organization_id = p.organization_id AND m.user_id = \(user)
                LEFT JOIN project_member r ON r.project_id = p.id AND r.user_id = \(user)
                WHERE (p.id = \(name) OR p.slug = \(name)) AND (m.role IS NOT NULL OR r.role IS NOT NULL)
                """)
            return try chosen(rows, name) { row in
                let roles = try ["organization_role", "project_role"].compactMap { column in
                    try row.optionalString(column).flatMap(Role.init(rawValue:))
                }
                return roles.max() ?? .viewer
            }
        case .key(let key):
            let rows = try db.fetch(
                """
                SELECT p.id, p.organization_id, o.tier FROM project p JOIN organization o ON o.id = p.organization_id
                WHERE p.organization_id = \(key.organization) AND (p.id = \(name) OR p.slug = \(name))
                """)
            let place = try chosen(rows, name) { _ in key.role }
            return key.project == nil || key.project == place?.project ? place : nil
        }
    }

    private func chosen(_ rows: [Row], _ name: String, _ role: (Row) throws -> Role) throws -> Place? {
        let exact = try rows.first { try $0.string("id") == name }
        guard let row = exact ?? rows.first else { return nil }
        guard exact != nil || rows.count == 1 else {
            throw EdisonError(
                .conflict, "Several of your organizations have a project \"\(name)\".", detail: "Name it by its id.")
        }
        return Place(
            organization: try row.id("organization_id"), project: try row.id("id"), role: try role(row),
            requestsPerMinute: try requestsPerMinute(row))
    }

    private func requestsPerMinute(_ row: Row) throws -> Int? {
        OrganizationTier(rawValue: try row.string("tier")).flatMap { quotas[$0].requestsPerMinute }
    }

    private func installation(_ principal: Principal, _ db: any DatabaseConnection) throws -> Place? {
        guard case .user(let user, _) = principal, let found = try AccountStore().user(user, in: db) else { return nil }
        return Place(organization: nil, project: nil, role: found.role)
    }
}
