package import EdisonCore
package import EdisonSQL

/// What each tier allows, as whoever runs the server has set it.
package struct Quotas: Sendable, Hashable {
    private let byTier: [OrganizationTier: Quota]
    /// Of a new organization.
    package let standardTier: OrganizationTier
    private let store = TierStore()

    package init(_ byTier: [OrganizationTier: Quota] = [:], standardTier: OrganizationTier = .free) {
        self.byTier = byTier
        self.standardTier = standardTier
    }

    package static let unlimited = Quotas()

    package subscript(tier: OrganizationTier) -> Quota { byTier[tier] ?? Quota() }

    /// Whether more of a resource fits, inside the transaction that adds it. The row of the organization is held, so
    /// that of two who come at once only one takes the last place.
    ///
    /// - Throws: `conflict` when it does not fit.
    package func require(
        _ adding: Int, of meter: QuotaMeter, for organization: OrganizationID, in db: any DatabaseConnection
    ) throws {
        guard byTier.values.contains(where: { $0.stored[meter.resource] != nil }),
            let tier = try store.tier(of: organization, locked: true, in: db),
            let limit = self[tier].stored[meter.resource]
        else { return }
        let used = try meter.used(organization, db)
        guard used + adding > limit else { return }
        throw EdisonError(
            .conflict, "The plan \(tier.rawValue) has room for \(meter.resource.words(limit)).",
            detail: used > limit
                ? "There are \(used) now. Whoever runs this server can give the organization another plan."
                : "\(used) are in use. Make room, or ask whoever runs this server for another plan.")
    }

    package func tier(of organization: OrganizationID, in db: any DatabaseConnection) throws -> OrganizationTier? {
        try store.tier(of: organization, in: db)
    }

    /// All organizations whose plan could limit what they spend.
    package func tiers(in db: any DatabaseConnection) throws -> [(organization: OrganizationID, tier: OrganizationTier)]
    {
        try store.tiers(in: db)
    }
}
