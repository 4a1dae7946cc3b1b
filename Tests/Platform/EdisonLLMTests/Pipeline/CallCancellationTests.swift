import EdisonCore
import EdisonLLM
import EdisonSQL
import EdisonTestKit
import Testing

@Suite("Cancelled calls", .timeLimit(.minutes(3)))
struct CallCancellationTests {
    @Test("cancelling ends the request at once, and leaves nothing reserved", arguments: TestDatabase.allCases)
    func inFlight(_ kind: TestDatabase) async throws {
        try await PipelineFixture.on(kind) {
            $0.index == 0 ? .nothing : .answer("yes")
        } _: { fixture in
            let calls = fixture.calls()
            let budget = try await calls.budget(scope: "run", limit: Money(dollars: 1), tokens: nil, calls: nil)
            let task = Task { try await calls.perform(fixture.call("a", budgets: [budget])) }
            try await eventually("the request") { fixture.server.requests.count == 1 }
            task.cancel()
            await #expect(throws: CancellationError.self) { try await task.value }
            try await eventually("the departure") { fixture.server.departures.count == 1 }
            #expect(try await fixture.attempts() == ["lost"])
            let state = try await fixture.budget(budget)
            #expect(state.reserved == .zero && state.reservedTokens == 0)
            #expect(state.unconfirmed == PipelineFixture.bound())
            #expect(try await calls.totals(scope: "run").unconfirmed == PipelineFixture.bound())

            // It is no outcome: asked again, it is made.
            let again = try await fixture.calls().perform(fixture.call("a", budgets: [budget]))
            #expect(again.text == "yes")
            #expect(try await fixture.attempts() == ["lost", "settled"])
        }
    }

    @Test("cancelling between two attempts ends the call", arguments: TestDatabase.allCases)
    func betweenAttempts(_ kind: TestDatabase) async throws {
        try await PipelineFixture.on(kind) { request in
            request.index == 0 ? .refusal(503, headers: [("retry-after", "30")]) : .answer("yes")
        } _: { fixture in
            let calls = fixture.calls()
            let budget = try await calls.budget(scope: "run", limit: Money(dollars: 1), tokens: nil, calls: nil)
            let task = Task { try await calls.perform(fixture.call("a", budgets: [budget])) }
            try await eventually("the refusal") { try await fixture.attempts() == ["settled"] }
            task.cancel()
            await #expect(throws: CancellationError.self) { try await task.value }
            #expect(try await fixture.budget(budget) == BudgetState(calls: 1))
            #expect(try await fixture.calls().perform(fixture.call("a", budgets: [budget])).text == "yes")
        }
    }

    @Test("cancelling while the budget is short ends the wait", arguments: TestDatabase.allCases)
    func waitingForBudget(_ kind: TestDatabase) async throws {
        let gate = Gate()
        try await PipelineFixture.on(kind) { _ in
            await gate.pass()
            return .answer("yes")
        } _: { fixture in
            let calls = fixture.calls()
            let budget = try await calls.budget(
                scope: "run", limit: PipelineFixture.bound(), tokens: nil, calls: nil)
            let first = Task { try await calls.perform(fixture.call("a", budgets: [budget])) }
            try await eventually("the request") { await gate.held == 1 }
            let second = Task { try await calls.perform(fixture.call("b", budgets: [budget])) }
            try await settle()
            second.cancel()
            await #expect(throws: CancellationError.self) { try await second.value }
            #expect(try await fixture.budget(budget).reserved == PipelineFixture.bound())
            await gate.open()
            #expect(try await first.value.text == "yes")
            #expect(try await fixture.attempts() == ["settled"])
        }
    }

    @Test("a call in a cancelled task is not sent", arguments: TestDatabase.allCases)
    func before(_ kind: TestDatabase) async throws {
        try await PipelineFixture.on(kind) { _ in
            .answer("yes")
        } _: { (fixture) async throws in
            let gate = Gate()
            let calls = fixture.calls()
            let task = Task {
                await gate.pass()
                return try await calls.perform(fixture.call("a", caching: .on))
            }
            task.cancel()
            await gate.open()
            await #expect(throws: CancellationError.self) { try await task.value }
            #expect(fixture.server.requests.isEmpty)
            #expect(try await fixture.attempts().isEmpty)
            #expect(try await calls.perform(fixture.call("a", caching: .on)).text == "yes")
        }
    }

    @Test("many that are cancelled at any moment leave nothing open", arguments: TestDatabase.allCases)
    func anyMoment(_ kind: TestDatabase) async throws {
        try await PipelineFixture.on(kind) { request in
            try? await Task.sleep(for: .milliseconds(request.index % 7))
            return request.index % 5 == 0 ? .refusal(503) : .answer("yes")
        } _: { fixture in
            let calls = fixture.calls()
            let budget = try await calls.budget(scope: "run", limit: Money(dollars: 1), tokens: nil, calls: nil)
            let tasks = (0..<40).map { n in
                Task { try await calls.perform(fixture.call("\(n % 30)", budgets: [budget], caching: .off)) }
            }
            for (n, task) in tasks.enumerated() where n % 2 == 0 {
                try await Task.sleep(for: .milliseconds(n % 4))
                task.cancel()
            }
            var answered = 0
            for task in tasks {
                do {
                    if try await task.value.text == "yes" { answered += 1 }
                } catch is CancellationError {}
            }
            #expect(answered >= 20)
            #expect(try await fixture.attempts().allSatisfy { $0 != "sent" })
            let state = try await fixture.budget(budget)
            #expect(state.reserved == .zero && state.reservedTokens == 0)
            let totals = try await calls.totals(scope: "run")
            #expect(totals.cost == state.spent)
            #expect(totals.unconfirmed == state.unconfirmed)
            // What was cancelled is made when it is asked again.
            for n in 0..<30 {
                #expect(try await calls.perform(fixture.call("\(n)", budgets: [budget])).text == "yes")
            }
        }
    }
}
