package import EdisonCore
package import EdisonLLM
package import EdisonQuotas
package import EdisonSQL

/// What the plan of an organization lets it spend in a month, as a budget that its people see and cannot change.
package struct PlanBudgets: Sendable {
    private let budgets: SharedBudgets
    private let store = BudgetStore()

    package init(calls: ModelCalls) { budgets = calls.sharedBudgets }

    /// - Parameter limit: nil takes it away.
    package func set(
        _ limit: Money?, of organization: OrganizationID, in db: any DatabaseConnection
    ) throws {
        guard try self.limit(of: organization, in: db) != limit else { return }
        // Servers that start together do the same at once: the second one waits, and finds it done.
        try store.hold(organization, in: db)
        let present = try budgets.id(of: .plan(organization), .month, in: db)
        guard let limit else {
            if let present { try delete(present, db) }
            return
        }
        if let present {
            try budgets.set(limit: limit, thresholds: BudgetWish.standardThresholds, of: present, in: db)
            return
        }
        let coverage = SharedBudgets.Coverage(
            account: .plan(organization), projects: try store.projects(of: organization, in: db))
        let made = try budgets.create(coverage, .month, limit: limit, in: db)
        try store.insert(
            .init(budget: made.id.text, owner: BudgetOwner(organization: organization), name: "Plan", updatedAt: .now),
            by: nil, in: db)
        try budgets.set(limit: limit, thresholds: BudgetWish.standardThresholds, of: made.id, in: db)
    }

    /// Brings all of them to what the settings say now.
    package func apply(_ quotas: Quotas, in db: any DatabaseConnection) throws {
        for (organization, tier) in try quotas.tiers(in: db) {
            try set(quotas[tier].monthlySpending, of: organization, in: db)
        }
    }

    package func used(by organization: OrganizationID, in db: any DatabaseConnection) throws -> Money? {
        try budgets.id(of: .plan(organization), .month, in: db).flatMap { try budgets.budget($0, in: db)?.used }
    }

    private func limit(of organization: OrganizationID, in db: any DatabaseConnection) throws -> Money? {
        try budgets.id(of: .plan(organization), .month, in: db).flatMap { try budgets.budget($0, in: db)?.limit }
    }

    private func delete(_ id: Budget.ID, _ db: any DatabaseConnection) throws {
        try store.delete(id.text, in: db)
        try budgets.delete(id, in: db)
    }
}
