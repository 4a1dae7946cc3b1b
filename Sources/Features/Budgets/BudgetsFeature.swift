package import EdisonEvents
package import EdisonLLM
package import EdisonSQL
package import EdisonWeb

/// What the budgets feature gives to the server: limits on what tenants spend, and where the money went.
package struct BudgetsFeature: Sendable {
    private let budgets: BudgetService
    private let costs: CostService

    package init(database: Database, calls: ModelCalls, events: EventLog) {
        budgets = BudgetService(database: database, calls: calls, events: events)
        costs = CostService(database: database)
    }

    package var endpoints: [EdisonWeb.Endpoint] {
        BudgetAPI(budgets: budgets).endpoints + CostAPI(costs: costs).endpoints
    }
}
