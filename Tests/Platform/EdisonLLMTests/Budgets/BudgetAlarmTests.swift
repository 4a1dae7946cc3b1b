import EdisonCore
import EdisonLLM
import Testing

@Suite("The thresholds of budgets")
struct BudgetAlarmTests {
    private static func money(_ nano: Int64) -> Money { Money(nanodollars: nano) }

    @Test("each threshold is due once, when so much is used")
    func once() {
        var alarm = BudgetAlarm(thresholds: [800, 500, 1_000, 500])
        let limit = Self.money(1_000)
        #expect(alarm.next(limit: limit) == Self.money(500))
        var due: [[Int]] = []
        for used in [499, 500, 501, 799, 900, 900, 1_000, 1_200] {
            due.append(alarm.due(used: Self.money(Int64(used)), limit: limit))
        }
        #expect(due == [[], [500], [], [], [800], [], [1_000], []])
        #expect(alarm.next(limit: limit) == nil)
    }

    @Test("a leap over several tells all of them")
    func leap() {
        var alarm = BudgetAlarm(thresholds: [500, 800, 1_000])
        #expect(alarm.due(used: Self.money(99), limit: Self.money(100)) == [500, 800])
    }

    @Test("a share that is no whole number is reached only when all of it is used")
    func rounding() {
        #expect(BudgetAlarm.amount(500, of: Self.money(3)) == Self.money(2))
        #expect(BudgetAlarm.amount(1_000, of: Self.money(3)) == Self.money(3))
        #expect(BudgetAlarm.amount(1, of: Self.money(.max)) > .zero)
    }

    @Test("a refused call means that all is used, and tells so once; what is below is told when it is reached")
    func refused() {
        var alarm = BudgetAlarm(thresholds: [500, 1_000])
        let limit = Self.money(100)
        #expect(alarm.dueWhenRefused(used: Self.money(10), limit: limit) == [1_000])
        #expect(alarm.dueWhenRefused(used: Self.money(10), limit: limit) == [])
        #expect(alarm.due(used: Self.money(60), limit: limit) == [500])
        var silent = BudgetAlarm(thresholds: [500])
        #expect(silent.dueWhenRefused(used: .zero, limit: limit) == [])
    }

    @Test("what a higher limit or a new period leaves behind may be reached again")
    func rearmed() {
        var alarm = BudgetAlarm(thresholds: [500, 800, 1_000])
        _ = alarm.due(used: Self.money(900), limit: Self.money(1_000))
        alarm.rearm(used: Self.money(900), limit: Self.money(1_500))
        #expect(alarm.told == [500])
        #expect(alarm.due(used: Self.money(1_200), limit: Self.money(1_500)) == [800])
        alarm.rearm(used: .zero, limit: Self.money(1_500))
        #expect(alarm.told == [])
    }

    @Test("thresholds that are taken away are forgotten")
    func changed() {
        #expect(BudgetAlarm(thresholds: [700], told: [500, 700]).told == [700])
    }
}
