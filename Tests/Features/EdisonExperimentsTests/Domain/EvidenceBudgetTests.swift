import EdisonCore
import Testing

@testable import EdisonExperiments

@Suite("How much the refiner is shown")
struct EvidenceBudgetTests {
    private let rows = (0..<5).map { JSONValue.string("row \($0) " + String(repeating: "x", count: 400)) }

    @Test("the worst come first, as many as the budget of tokens takes")
    func budget() {
        // About 100 tokens each.
        #expect(EvidenceStep.within(10_000, rows) == rows)
        #expect(EvidenceStep.within(250, rows) == Array(rows.prefix(2)))
    }

    @Test("the worst one is always there")
    func one() {
        #expect(EvidenceStep.within(1, rows) == Array(rows.prefix(1)))
        #expect(EvidenceStep.within(1, []).isEmpty)
    }
}
