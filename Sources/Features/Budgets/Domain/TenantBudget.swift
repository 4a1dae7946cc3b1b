package import EdisonCore
package import EdisonLLM

/// A shared budget with whom it belongs to, and how it stands.
package struct TenantBudget: Sendable {
    package let budget: SharedBudget
    package let owner: BudgetOwner
    package var name: String
    package var updatedAt: Timestamp

    package var id: Budget.ID { budget.id }

    /// Names what people have set, so that a change need not fear what is spent meanwhile.
    var stateTag: String { String(ContentHash(of: "\(id) \(updatedAt.microseconds)").text.prefix(16)) }

    /// Changes with what is spent, too.
    var tag: String {
        let figures = "\(budget.spent) \(budget.unconfirmed) \(budget.reserved) \(budget.since) \(budget.alarm.told)"
        return "\(stateTag).\(ContentHash(of: figures).text.prefix(16))"
    }
}

/// Where a budget stands.
package struct BudgetOwner: Hashable, Sendable {
    package let organization: OrganizationID
    /// Of a project, and of a credential of it.
    package let project: ProjectID?
    package let user: UserID?
    package let credential: String?

    package init(
        organization: OrganizationID, project: ProjectID? = nil, user: UserID? = nil, credential: String? = nil
    ) {
        self.organization = organization
        self.project = project
        self.user = user
        self.credential = credential
    }

    package var account: BudgetAccount {
        if let credential { return .credential(credential) }
        if let user { return .user(user, in: organization) }
        return project.map { .project($0) } ?? .organization(organization)
    }
}

/// What somebody wants of a budget.
package struct BudgetWish: Sendable {
    package var name: String?
    package var limit: Money?
    /// Thousandths of the limit.
    package var thresholds: [Int]?

    package init(name: String? = nil, limit: Money? = nil, thresholds: [Int]? = nil) {
        self.name = name
        self.limit = limit
        self.thresholds = thresholds
    }

    static let standardThresholds = [500, 800, 1_000]
}

/// A threshold that a budget has reached.
package struct BudgetAlert: Sendable {
    package let id: ID<BudgetAlert>
    /// The id of the budget, which may be gone.
    package let budget: String
    package let project: ProjectID?
    /// Thousandths of the limit.
    package let threshold: Int
    package let limit: Money
    package let used: Money
    package let period: String
    package let periodStart: Timestamp
    package let createdAt: Timestamp
}
