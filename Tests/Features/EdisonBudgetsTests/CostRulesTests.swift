import EdisonCore
import Testing

@testable import EdisonBudgets

@Suite("Cost reports")
struct CostRulesTests {
    @Test("more rows than are told leave the report partial, with the total of all")
    func partial() {
        let row = CostRow(values: [:], names: [:], figures: CostFigures())
        var query = CostQuery()
        query.by = [.model]
        let many = Array(repeating: row, count: CostReport.mostRows + 1)
        #expect(CostReport(query, total: CostFigures(), found: many).isPartial)
        #expect(CostReport(query, total: CostFigures(), found: many).rows.count == CostReport.mostRows)
        #expect(!CostReport(query, total: CostFigures(), found: many.dropLast()).isPartial)
    }

    @Test("a line of the file has the columns that were asked for, and a name that is a formula is none")
    func lines() {
        var figures = CostFigures()
        figures.cost = Money(nanodollars: 1_500_000_001)
        let row = CostRow(
            values: [.user: "u1", .day: "20000", .model: "m, 1"], names: [.user: "=SUM(A1)"], figures: figures)
        #expect(CostRow.columns(by: [.day, .user, .model]).prefix(4) == ["day", "user_id", "user_name", "model"])
        #expect(
            row.cells(by: [.day, .user, .model]).prefix(5) == ["2024-10-04", "u1", "=SUM(A1)", "m, 1", "1.500000001"])
    }
}
