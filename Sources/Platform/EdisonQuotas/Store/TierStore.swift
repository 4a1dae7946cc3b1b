import EdisonCore
import EdisonSQL

/// Reads which tier organizations have.
struct TierStore: Sendable, Hashable {
    func tier(
        of organization: OrganizationID, locked: Bool = false, in db: any DatabaseConnection
    ) throws -> OrganizationTier? {
        let lock: SQL = locked ? "\(db.dialect.lockRows)" : ""
        return try db.fetchOne("SELECT tier FROM organization WHERE id = \(organization)\(lock)")
            .flatMap { OrganizationTier(rawValue: try $0.string("tier")) }
    }

    func tiers(in db: any DatabaseConnection) throws -> [(organization: OrganizationID, tier: OrganizationTier)] {
        try db.fetch("SELECT id, tier FROM organization ORDER BY id").map { row in
            (try row.id("id"), OrganizationTier(rawValue: try row.string("tier")) ?? .free)
        }
    }
}
