import EdisonCore
import EdisonSQL
import EdisonTestKit
import Testing

@testable import EdisonLLM

@Suite("Budgets of accounts", .timeLimit(.minutes(3)))
struct SharedBudgetTests {
    private typealias Shared = SharedBudgetFixture
    private static let plenty = Money(nanodollars: 1_000_000_000)
    /// Room for one call, and not for a second one after it.
    private static let one = PipelineFixture.bound()

    @Test("a call counts in every budget of its payer and its key", arguments: TestDatabase.allCases)
    func counted(_ kind: TestDatabase) async throws {
        try await PipelineFixture.on(kind) { _ in
            .answer("yes")
        } _: { fixture in
            let shared = Shared(fixture)
            let accounts: [BudgetAccount] = [
                .organization(Shared.organization), .project(Shared.project),
                .user(Shared.user, in: Shared.organization), .credential("c1"),
            ]
            var ids: [Budget.ID] = []
            for account in accounts { ids.append(try await shared.budget(account, limit: Self.plenty).id) }
            let other = try await shared.budget(.credential("c2"), limit: Self.plenty).id
            let elsewhere = try await shared.budget(
                .user(Shared.user, in: OrganizationID("other")), limit: Self.plenty
            ).id
            try await shared.perform("a")
            for id in ids {
                let state = try await shared.state(id)
                #expect(state.spent == Shared.cost && state.reserved == .zero)
            }
            for id in [other, elsewhere] { #expect(try await shared.state(id).spent == .zero) }
            let row = try await fixture.row("SELECT project_id, user_id FROM model_call")
            #expect(try row.string("project_id") == "p" && row.string("user_id") == "u")
        }
    }

    @Test(
        "the tightest budget ends it and is named; raised, it lets the next call through",
        arguments: TestDatabase.allCases)
    func tightest(_ kind: TestDatabase) async throws {
        try await PipelineFixture.on(kind) { _ in
            .answer("yes")
        } _: { fixture in
            let shared = Shared(fixture)
            _ = try await shared.budget(.organization(Shared.organization), limit: Self.plenty)
            let tight = try await shared.budget(.project(Shared.project), .month, limit: Self.one)
            try await shared.perform("a")
            let error = await #expect(throws: EdisonError.self) { try await shared.perform("b") }
            #expect(error?.code == .budgetExceeded)
            #expect(error?.message.hasPrefix("The project's budget of $") == true)
            #expect((error?.underlying as? BudgetExhausted)?.shared?.id == tight.id)
            #expect(fixture.server.requests.count == 1)
            // Nothing of what was refused is held by the other budget.
            let all = try await fixture.rows("SELECT reserved_nano FROM budget").map { try $0.money("reserved_nano") }
            #expect(all == [.zero, .zero])
            try await shared.set(limit: Self.one + Self.one, of: tight.id)
            #expect(try await shared.perform("b").text == "yes")
        }
    }

    @Test("another key, another project and nobody's calls are not held", arguments: TestDatabase.allCases)
    func others(_ kind: TestDatabase) async throws {
        try await PipelineFixture.on(kind) { _ in
            .answer("yes")
        } _: { fixture in
            let shared = Shared(fixture)
            _ = try await shared.budget(.credential("c1"), limit: .zero)
            _ = try await shared.budget(.project(Shared.project), limit: .zero)
            let elsewhere = Payer(organization: Shared.organization, project: ProjectID("q"), user: Shared.user)
            #expect(try await shared.perform("a", shared.calls(payer: elsewhere), credential: "c2").text == "yes")
            #expect(try await shared.perform("b", shared.calls(payer: nil), credential: "c2").text == "yes")
            await #expect(throws: EdisonError.self) {
                try await shared.perform("c", shared.calls(payer: nil), credential: "c1")
            }
        }
    }

    @Test("a model that stands in for another is held to the budget of its own key", arguments: TestDatabase.allCases)
    func alternative(_ kind: TestDatabase) async throws {
        try await PipelineFixture.on(kind) { request in
            request.body["model"] == "down" ? .refusal(400) : .answer("yes")
        } _: { fixture in
            let shared = Shared(fixture)
            let budget = try await shared.budget(.credential("c2"), limit: Self.one)
            let reference = fixture.reference(
                "down", alternatives: [fixture.reference("up", credential: "c2")])
            _ = try await shared.calls().perform(fixture.call("a", to: reference))
            #expect(try await shared.state(budget.id).spent == Shared.cost)
            await #expect(throws: EdisonError.self) {
                try await shared.calls().perform(fixture.call("b", to: reference))
            }
        }
    }

    @Test("a call without a limit of tokens gets one where somebody pays for it", arguments: TestDatabase.allCases)
    func bounded(_ kind: TestDatabase) async throws {
        try await PipelineFixture.on(kind) { _ in
            .answer("yes")
        } _: { fixture in
            let shared = Shared(fixture)
            _ = try await shared.calls().perform(fixture.call("a", maxTokens: nil))
            #expect(fixture.server.requests[0].body["max_tokens"] == 4096)
        }
    }

    @Test("where a price is unknown no call is made under a budget in USD", arguments: TestDatabase.allCases)
    func unpriced(_ kind: TestDatabase) async throws {
        try await PipelineFixture.on(kind) { _ in
            .answer("yes")
        } _: { fixture in
            let shared = Shared(fixture)
            _ = try await shared.budget(limit: Self.plenty)
            let result = try await shared.calls().perform(
                fixture.call("a", to: fixture.reference(price: nil)))
            #expect(result.failure?.kind == .notAllowed)
            #expect(fixture.server.requests.isEmpty)
        }
    }

    @Test("what was spent in the period before a budget was made counts in it", arguments: TestDatabase.allCases)
    func before(_ kind: TestDatabase) async throws {
        let gate = Gate()
        try await PipelineFixture.on(kind) { request in
            switch request.index {
            case 2: return .broken
            case 3:
                await gate.pass()
                return .answer("late")
            default: return .answer("yes")
            }
        } _: { fixture in
            let shared = Shared(fixture, at: "2026-02-28T12:00:00Z")
            var calls = shared.calls()
            calls.retry.tries = 1
            try await shared.perform("last month", calls)
            shared.set("2026-03-01T00:00:01Z")
            try await shared.perform("settled", calls)
            try await shared.perform("lost", calls)
            let open = Task { [calls] in try await shared.perform("open", calls) }
            try await eventually("the request") { await gate.held == 1 }
            let month = try await shared.budget(.project(Shared.project), .month, limit: Self.plenty)
            let total = try await shared.budget(.organization(Shared.organization), .total, limit: Self.plenty)
            #expect(month.spent == Shared.cost && month.unconfirmed == Self.one && month.reserved == Self.one)
            #expect(total.spent == Shared.cost + Shared.cost && total.reserved == Self.one)
            await gate.open()
            _ = try await open.value
            for (id, calls) in [(month.id, 2), (total.id, 3)] {
                let state = try await shared.state(id)
                #expect(state.spent == Money(nanodollars: Int64(calls) * Shared.cost.nanodollars))
                #expect(state.reserved == .zero)
            }
        }
    }

    @Test("an account has one budget for each period", arguments: TestDatabase.allCases)
    func unique(_ kind: TestDatabase) async throws {
        try await PipelineFixture.on(kind) { _ in
            .answer("yes")
        } _: { fixture in
            let shared = Shared(fixture)
            _ = try await shared.budget(.project(Shared.project), .day, limit: Self.plenty)
            _ = try await shared.budget(.project(Shared.project), .month, limit: Self.plenty)
            let error = await #expect(throws: EdisonError.self) {
                try await shared.budget(.project(Shared.project), .day, limit: Self.plenty)
            }
            #expect(error?.brokenRule == .unique)
        }
    }

    @Test("a budget that is deleted while a call is under way holds nothing back", arguments: TestDatabase.allCases)
    func deleted(_ kind: TestDatabase) async throws {
        let gate = Gate()
        try await PipelineFixture.on(kind) { _ in
            await gate.pass()
            return .answer("yes")
        } _: { fixture in
            let shared = Shared(fixture)
            let budget = try await shared.budget(.project(Shared.project), .day, limit: Self.plenty)
            let call = Task { try await shared.perform("a") }
            try await eventually("the request") { await gate.held == 1 }
            let budgets = shared.calls().sharedBudgets
            try await fixture.database.write { db in try budgets.delete(budget.id, in: db) }
            await gate.open()
            #expect(try await call.value.text == "yes")
            #expect(try await fixture.rows("SELECT * FROM budget_day").isEmpty)
        }
    }
}
