import EdisonCore
import EdisonSQL
import EdisonTestKit
import Testing

@testable import EdisonLLM

@Suite("Budgets as days pass", .timeLimit(.minutes(3)))
struct BudgetWindowTests {
    private typealias Shared = SharedBudgetFixture
    private static let one = PipelineFixture.bound()

    @Test(
        "what has left the period is free again, and not before", arguments: TestDatabase.allCases,
        [
            (BudgetPeriod.day, "2026-03-15T23:59:00Z", "2026-03-15T23:59:59Z", "2026-03-16T00:00:00Z"),
            (.month, "2026-03-15T12:00:00Z", "2026-03-31T23:59:59Z", "2026-04-01T00:00:00Z"),
            (.trailing, "2026-03-15T12:00:00Z", "2026-04-13T23:59:59Z", "2026-04-14T00:00:00Z"),
        ])
    func renewed(_ kind: TestDatabase, _ times: (BudgetPeriod, String, String, String)) async throws {
        try await PipelineFixture.on(kind) { _ in
            .answer("yes")
        } _: { fixture in
            let (period, first, last, next) = times
            let shared = Shared(fixture, at: first)
            let budget = try await shared.budget(.project(Shared.project), period, limit: Self.one)
            try await shared.perform("a")
            shared.set(last)
            await #expect(throws: EdisonError.self) { try await shared.perform("b") }
            #expect(try await shared.state(budget.id).spent == Shared.cost)
            shared.set(next)
            // Shown as it will be counted, though no call has been made yet.
            #expect(try await shared.state(budget.id).spent == .zero)
            try await shared.perform("b")
            #expect(try await shared.state(budget.id).spent == Shared.cost)
        }
    }

    @Test("of the last 30 days one day at a time is given back", arguments: TestDatabase.allCases)
    func trailing(_ kind: TestDatabase) async throws {
        try await PipelineFixture.on(kind) { _ in
            .answer("yes")
        } _: { fixture in
            let shared = Shared(fixture, at: "2026-03-01T12:00:00Z")
            let budget = try await shared.budget(
                .project(Shared.project), .trailing, limit: Money(nanodollars: 1_000_000_000))
            for day in ["01", "02", "03"] {
                shared.set("2026-03-\(day)T12:00:00Z")
                try await shared.perform(day)
            }
            var left: [Int64] = []
            for day in ["03-30", "03-31", "04-01", "04-02"] {
                shared.set("2026-\(day)T12:00:00Z")
                left.append(try await shared.state(budget.id).spent.nanodollars / Shared.cost.nanodollars)
            }
            #expect(left == [3, 2, 1, 0])
        }
    }

    @Test("an answer that comes after midnight counts for the day of its question", arguments: TestDatabase.allCases)
    func late(_ kind: TestDatabase) async throws {
        let gate = Gate()
        try await PipelineFixture.on(kind) { request in
            if request.index == 0 { await gate.pass() }
            return .answer("yes")
        } _: { fixture in
            let shared = Shared(fixture, at: "2026-03-15T23:59:59Z")
            let budget = try await shared.budget(
                .project(Shared.project), .day, limit: Self.one + Self.one + Self.one)
            let late = Task { try await shared.perform("a") }
            try await eventually("the request") { await gate.held == 1 }
            shared.set("2026-03-16T00:00:01Z")
            try await shared.perform("b")
            #expect(try await shared.state(budget.id).reserved == Self.one)
            await gate.open()
            _ = try await late.value
            let state = try await shared.state(budget.id)
            #expect(state.spent == Shared.cost && state.reserved == .zero)
        }
    }

    @Test("each threshold is told once, and again in the next period", arguments: TestDatabase.allCases)
    func thresholds(_ kind: TestDatabase) async throws {
        try await PipelineFixture.on(kind) { _ in
            .answer("yes")
        } _: { fixture in
            let shared = Shared(fixture, at: "2026-03-15T12:00:00Z")
            let limit = Money(nanodollars: 4 * Shared.cost.nanodollars + Self.one.nanodollars - 1)
            let budget = try await shared.budget(
                .project(Shared.project), .day, limit: limit, thresholds: [100, 300, 1_000])
            for name in ["a", "b", "c", "d"] { try await shared.perform(name) }
            #expect(shared.told == [100, 300])
            // The fifth does not fit any more: all that can be used is used.
            for name in ["e", "f"] {
                await #expect(throws: EdisonError.self) { try await shared.perform(name) }
            }
            #expect(shared.told == [100, 300, 1_000])
            shared.set("2026-03-16T12:00:00Z")
            try await shared.perform("e")
            #expect(shared.told == [100, 300, 1_000, 100])
            // A lower limit is crossed by being set; a higher one may be reached again.
            try await shared.set(limit: Shared.cost, thresholds: [100, 500], of: budget.id)
            #expect(shared.told == [100, 300, 1_000, 100, 500])
            try await shared.set(limit: limit + limit, thresholds: [100, 500], of: budget.id)
            try await shared.perform("g")
            #expect(shared.told.count == 6 && shared.told.last == 100)
        }
    }

    @Test("many calls in several processes tell each threshold once", arguments: TestDatabase.allCases)
    func together(_ kind: TestDatabase) async throws {
        try await PipelineFixture.on(kind, processes: 2) { _ in
            .answer("yes")
        } _: { fixture in
            let shared = Shared(fixture)
            for account in [BudgetAccount.project(Shared.project), .organization(Shared.organization)] {
                _ = try await shared.budget(
                    account, .trailing, limit: Money(nanodollars: 40 * Shared.cost.nanodollars),
                    thresholds: [50, 250, 500, 750, 1_000])
            }
            let all = [shared.calls(process: 0), shared.calls(process: 1)]
            await withTaskGroup(of: Void.self) { group in
                for n in 0..<64 { group.addTask { _ = try? await shared.perform("\(n)", all[n % 2]) } }
            }
            // Both are used up together, and one of them was the first to refuse a call.
            #expect(shared.told.sorted() == [50, 50, 250, 250, 500, 500, 750, 750, 1_000])
        }
    }
}
