import EdisonCore

extension Permission {
    static let readBudgets = Permission("budgets:read", from: .viewer)
    static let writeBudgets = Permission("budgets:write", from: .admin)
    static let readCosts = Permission("costs:read", from: .viewer)
    /// What each project and each person of an organization spends.
    static let readAllBudgets = Permission("organization-budgets:read", from: .admin)
    static let readAllCosts = Permission("organization-costs:read", from: .admin)
}
