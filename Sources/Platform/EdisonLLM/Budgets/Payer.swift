package import EdisonCore

/// Whose money calls spend: every call that a feature makes through `ModelCalls.charged(to:)` is written down with it,
/// and held to the budgets of its accounts.
package struct Payer: Hashable, Sendable {
    package let organization: OrganizationID
    package let project: ProjectID
    /// Who has the calls made; nil = nobody who is known, such as the command line.
    package let user: UserID?

    package init(organization: OrganizationID, project: ProjectID, user: UserID?) {
        self.organization = organization
        self.project = project
        self.user = user
    }
}

/// What a shared budget stands on. Several may cover one call; the tightest of them counts.
package enum BudgetAccount: Hashable, Sendable {
    case organization(OrganizationID)
    /// What the plan of an organization allows it.
    case plan(OrganizationID)
    case project(ProjectID)
    /// What a person spends in one organization; another one knows nothing of it.
    case user(UserID, in: OrganizationID)
    /// By the id that calls have of it.
    case credential(String)

    /// All that cover a call.
    package static func covering(_ payer: Payer?, credentials: [String]) -> [BudgetAccount] {
        var accounts = credentials.map(BudgetAccount.credential)
        guard let payer else { return accounts }
        accounts += [.plan(payer.organization), .organization(payer.organization), .project(payer.project)]
        if let user = payer.user { accounts.append(.user(user, in: payer.organization)) }
        return accounts
    }

    /// As it is stored.
    package var text: String {
        switch self {
        case .organization(let id): "organization/\(id)"
        case .plan(let id): "plan/\(id)"
        case .project(let id): "project/\(id)"
        case .user(let id, let organization): "user/\(organization)/\(id)"
        case .credential(let id): "credential/\(id)"
        }
    }

    package init?(stored text: String) {
        let parts = text.split(separator: "/", maxSplits: 1).map(String.init)
        guard parts.count == 2 else { return nil }
        switch parts[0] {
        case "organization": self = .organization(OrganizationID(parts[1]))
        case "plan": self = .plan(OrganizationID(parts[1]))
        case "project": self = .project(ProjectID(parts[1]))
        case "credential": self = .credential(parts[1])
        case "user":
            let ids = parts[1].split(separator: "/").map(String.init)
            guard ids.count == 2 else { return nil }
            self = .user(UserID(ids[1]), in: OrganizationID(ids[0]))
        default: return nil
        }
    }

    package var level: BudgetLevel {
        switch self {
        case .organization: .organization
        case .plan: .plan
        case .project: .project
        case .user: .user
        case .credential: .provider
        }
    }
}

/// The kinds of accounts, in the words of the API.
package enum BudgetLevel: String, Sendable, CaseIterable { case plan, organization, project, user, provider }
