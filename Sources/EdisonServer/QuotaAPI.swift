import EdisonAccounts
import EdisonBudgets
import EdisonCore
import EdisonDatasets
import EdisonProjects
import EdisonQuotas
import EdisonSQL
import EdisonWeb

/// What the plan of an organization allows, and how much of it is used: from the features that keep it.
struct QuotaAPI: Sendable {
    let database: Database
    let quotas: Quotas
    let plans: PlanBudgets

    private static let meters = [QuotaMeter.members, .projects, .datasets]

    var endpoints: [Endpoint] {
        [
            .get(
                "/organizations/{organization}/quotas",
                "Shows what the plan of an organization allows, and how much of it is used.", in: "Organizations",
                .organization(.readOrganization), .one(QuotaUse.shape)
            ) { request in
                let id = try request.requireOrganization()
                return try await database.read { db in try use(of: id, db) }
            }
        ]
    }

    private func use(of id: OrganizationID, _ db: any DatabaseConnection) throws -> QuotaUse {
        guard let tier = try quotas.tier(of: id, in: db) else {
            throw EdisonError(.notFound, "There is no such organization.")
        }
        let quota = quotas[tier]
        func line(_ name: String, _ limit: JSONValue?, _ used: JSONValue?) -> QuotaUse.Line {
            .init(name: name, limit: limit ?? .null, used: used ?? .null)
        }
        let stored = try Self.meters.map { meter in
            line(
                meter.resource.rawValue, quota.stored[meter.resource].map { JSONValue($0) },
                JSONValue(try meter.used(id, db)))
        }
        return QuotaUse(
            tier: tier,
            lines: stored + [
                line("requests_per_minute", quota.requestsPerMinute.map { JSONValue($0) }, nil),
                line("monthly_usd", quota.monthlySpending?.json, try plans.used(by: id, in: db)?.json),
            ])
    }
}

struct QuotaUse: Sendable {
    struct Line: Sendable {
        let name: String
        /// null: none.
        let limit: JSONValue
        /// null: it is not counted.
        let used: JSONValue
    }

    let tier: OrganizationTier
    let lines: [Line]

    static let shape = Shape<QuotaUse>(
        "QuotaUse", [.word("tier", \.tier), .parts("quotas", Line.shape, \.lines)])
}

extension QuotaUse.Line {
    fileprivate static let shape = Shape<QuotaUse.Line>(
        "Quota",
        [
            .text("name", \.name), Property("limit", ["type": ["number", "null"]], \.limit),
            Property("used", ["type": ["number", "null"]], \.used),
        ])
}
