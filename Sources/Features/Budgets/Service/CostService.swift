package import EdisonCore
package import EdisonSQL

/// Tells where money went, from the ledger of calls.
package struct CostService: Sendable {
    let database: Database
    private let store = CostStore()

    package init(database: Database) { self.database = database }

    /// - Parameter project: nil = all of the organization.
    package func report(
        _ query: CostQuery, of organization: OrganizationID, project: ProjectID?
    ) async throws -> CostReport {
        try await database.read { db in
            let projects = try project.map { [$0] } ?? BudgetStore().projects(of: organization, in: db)
            var whole = query
            whole.by = []
            let total = try store.rows(whole, of: projects, limit: 1, in: db).first?.figures ?? CostFigures()
            let found =
                query.by.isEmpty
                ? [] : try store.rows(query, of: projects, limit: CostReport.mostRows + 1, in: db)
            return CostReport(query, total: total, found: try named(found, by: query.by, db))
        }
    }

    private func named(
        _ rows: [CostRow], by dimensions: [CostDimension], _ db: any DatabaseConnection
    ) throws -> [CostRow] {
        var rows = rows
        for dimension in dimensions {
            let ids = Set(rows.compactMap { $0.values[dimension] }.filter { !$0.isEmpty }).sorted()
            let names = try store.names(dimension, ids, in: db)
            for index in rows.indices { rows[index].names[dimension] = names[rows[index].values[dimension] ?? ""] }
        }
        return rows
    }
}
