import EdisonCore
import EdisonLLM
import Testing

@testable import EdisonExperiments

@Suite("Whether budgets have room for a run")
struct BudgetRoomTests {
    private static func money(_ nano: Int64) -> Money { Money(nanodollars: nano) }

    private static func budget(_ id: String = "b", left: Int64) -> SharedBudget {
        SharedBudget(
            id: Budget.ID(id), account: .project(ProjectID("p")), period: .month, limit: money(left + 100),
            alarm: BudgetAlarm(thresholds: []), spent: money(60), unconfirmed: money(40), reserved: money(left),
            since: 0, createdAt: .now)
    }

    @Test(
        "a run needs a third of the low estimate, never more than its own limit, less what it has spent",
        arguments: [
            (estimate: 900, limit: nil, spent: 0, need: 300), (900, 200, 0, 200), (900, 1_000, 250, 50),
            (900, nil, 400, 10), (nil, nil, 0, 10), (12, nil, 0, 10),
        ] as [(estimate: Int64?, limit: Int64?, spent: Int64, need: Int64)])
    func need(_ row: (estimate: Int64?, limit: Int64?, spent: Int64, need: Int64)) {
        let room = BudgetRoom(
            estimate: row.estimate.map(Self.money), limit: row.limit.map(Self.money), spent: Self.money(row.spent),
            oneCall: Self.money(10), stop: nil)
        let budget = Self.budget(left: 0)
        #expect(room.need(of: budget, isWhole: true) == Self.money(row.need))
        #expect(room.need(of: budget, isWhole: false) == Self.money(10))
    }

    @Test("what is reserved by others may be released, so it is no reason to refuse")
    func left() {
        let room = BudgetRoom(
            estimate: Self.money(300), limit: nil, spent: .zero, oneCall: Self.money(10), stop: nil)
        #expect(room.shortage(among: [Self.budget(left: 100)]) { _ in true } == nil)
        let short = room.shortage(among: [Self.budget("a", left: 100), Self.budget("b", left: 99)]) { _ in true }
        #expect(short?.budget.id.text == "b" && short?.need == Self.money(100))
    }

    @Test("where the call that ended it does not fit any better, it would end there again")
    func again() throws {
        let stopping = try #require(
            StoppingBudget(
                BudgetExhausted(
                    limit: .usd, isBelowOneCall: false, shared: Self.budget("a", left: 0), needed: Self.money(50))))
        let room = BudgetRoom(
            estimate: nil, limit: nil, spent: .zero, oneCall: Self.money(10), stop: stopping)
        #expect(room.shortage(among: [Self.budget("a", left: 49)]) { _ in true } != nil)
        #expect(room.shortage(among: [Self.budget("a", left: 50), Self.budget("b", left: 49)]) { _ in true } == nil)
        #expect(StoppingBudget(json: stopping.json) == stopping)
        #expect(StoppingBudget(BudgetExhausted(limit: .usd, isBelowOneCall: false)) == nil)
    }
}
