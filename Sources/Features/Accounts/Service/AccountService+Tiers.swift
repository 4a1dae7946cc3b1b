package import EdisonCore
package import EdisonEvents
import EdisonSQL

extension AccountService {
    /// All of the installation, the newest first.
    package func allOrganizations(_ page: PageRequest) async throws -> Listing<Organization> {
        let found = try await database.read { db in try accounts.organizations(page, in: db) }
        return Listing(found, page) { Cursor($0.id.text) }
    }

    /// Gives an organization another plan. What it has beyond it stays; more is not added.
    package func setTier(
        _ tier: OrganizationTier, of id: OrganizationID, by actor: Actor
    ) async throws -> Organization {
        try await database.write { db in
            guard let before = try accounts.organization(id, in: db) else {
                throw EdisonError(.notFound, "There is no such organization.")
            }
            guard tier != before.tier else { return before }
            try accounts.setTier(tier, of: id, in: db)
            try onTier(id, tier, db)
            // Its people learn that it was changed; who runs the installation is nobody of theirs.
            for actor in [Actor(organization: id, request: actor.request), actor] {
                try audit.record(
                    "organization.tier_changed", of: ("organization", id.text), by: actor,
                    changes: ["before": .string(before.tier.rawValue), "after": .string(tier.rawValue)], db)
            }
            return try accounts.organization(id, in: db) ?? before
        }
    }
}
