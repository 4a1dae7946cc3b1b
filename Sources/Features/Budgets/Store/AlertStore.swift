import EdisonCore
import EdisonSQL

/// The thresholds that budgets have reached, as they are kept and listed.
struct AlertStore: Sendable {
    func insert(_ alert: BudgetAlert, of organization: OrganizationID, in db: any DatabaseConnection) throws {
        try db.execute(
            """
            INSERT INTO budget_alert
                (id, budget_id, organization_id, project_id, threshold, limit_nano, used_nano, period, period_start,
                 created_at)
            VALUES
                (\(alert.id), \(alert.budget), \(organization), \(alert.project), \(alert.threshold), \(alert.limit),
                 \(alert.used), \(alert.period), \(alert.periodStart), \(alert.createdAt))
            """)
    }

    /// Newest first: of one project, or of all of the organisation.
    func alerts(
        of organization: OrganizationID, project: ProjectID?, _ page: PageRequest, in db: any DatabaseConnection
    ) throws -> [BudgetAlert] {
        let only: SQL = project.map { "AND project_id = \($0)" } ?? ""
        let after: SQL = page.after.map { "AND id < \($0.text)" } ?? ""
        return try db.fetch(
            """
            SELECT * FROM budget_alert WHERE organization_id = \(organization) \(only) \(after)
            ORDER BY id DESC LIMIT \(page.limit + 1)
            """
        ).map(BudgetAlert.init)
    }
}

extension BudgetAlert {
    init(row: Row) throws {
        self.init(
            id: try row.id("id"), budget: try row.string("budget_id"), project: try row.optionalID("project_id"),
            threshold: try row.int("threshold"), limit: try row.money("limit_nano"), used: try row.money("used_nano"),
            period: try row.string("period"), periodStart: try row.timestamp("period_start"),
            createdAt: try row.timestamp("created_at"))
    }
}
