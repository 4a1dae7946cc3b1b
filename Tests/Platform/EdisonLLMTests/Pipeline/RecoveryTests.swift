import EdisonCore
import EdisonLLM
import EdisonSQL
import EdisonTestKit
import Testing

@Suite("After a crash", .timeLimit(.minutes(3)))
struct RecoveryTests {
    /// Nobody holds the lock of that name.
    private static let deadProcess = "here/4/1"

    /// An attempt under way whose process is another one's by now.
    private static func sent(
        _ fixture: PipelineFixture, _ calls: ModelCalls, _ name: String, scope: String = "run",
        budgets: [Budget.ID] = [], by owner: String
    ) async throws -> Task<CallResult, any Error> {
        let before = fixture.server.requests.count
        let call = fixture.call(name, scope: scope, budgets: budgets)
        let task = Task { try await calls.perform(call) }
        try await eventually("the request") { fixture.server.requests.count == before + 1 }
        let attempt = fixture.server.requests[before].attempt
        try await fixture.change("UPDATE model_attempt SET process = \(owner) WHERE id = \(attempt)")
        return task
    }

    @Test("attempts of dead processes are lost, those of the living go on", arguments: TestDatabase.allCases)
    func recovery(_ kind: TestDatabase) async throws {
        try await PipelineFixture.on(kind, processes: 2) { _ in
            .nothing
        } _: { fixture in
            let calls = fixture.calls()
            let budget = try await calls.budget(scope: "run", limit: Money(dollars: 1), tokens: nil, calls: nil)
            // A process lives as long as the lock by its name is held, whatever its number says.
            let owners = ["here/1/1", "here/2/1", "here/3/1", "elsewhere/1/1"]
            var living: [ExclusiveClaim] = []
            for owner in owners.suffix(2) {
                living.append(try #require(try await fixture.database.claim("process \(owner)")))
            }
            var tasks: [Task<CallResult, any Error>] = []
            for (n, owner) in owners.enumerated() {
                tasks.append(try await Self.sent(fixture, calls, "\(n)", budgets: [budget], by: owner))
            }
            let other = fixture.calls(process: 1)
            #expect(try await other.recover(scope: "another") == 0)
            #expect(try await other.recover(scope: "run") == 2)
            #expect(try await fixture.attempts() == ["lost", "lost", "sent", "sent"])
            #expect(try await other.recover(scope: "run") == 0)
            let bound = PipelineFixture.bound()
            let state = try await fixture.budget(budget)
            #expect(state.unconfirmed == bound + bound)
            #expect(state.reserved == bound + bound)

            for claim in living { claim.release() }
            // A server lets go of a lock a moment after its session has ended.
            var given = 0
            try await eventually("the end of the locks") {
                given += try await other.recover(scope: "run")
                return given == 2
            }
            #expect(try await fixture.budget(budget).reserved == .zero)
            for task in tasks { task.cancel() }
            for task in tasks { await #expect(throws: CancellationError.self) { try await task.value } }
        }
    }

    @Test("a process does not give up what it is doing itself", arguments: TestDatabase.allCases)
    func own(_ kind: TestDatabase) async throws {
        let gate = Gate()
        try await PipelineFixture.on(kind) { _ in
            await gate.pass()
            return .answer("yes")
        } _: { fixture in
            let calls = fixture.calls()
            let task = Task { try await calls.perform(fixture.call("a")) }
            try await eventually("the request") { await gate.held == 1 }
            #expect(try await fixture.calls().recover(scope: "run") == 0)
            #expect(try await fixture.attempts() == ["sent"])
            await gate.open()
            #expect(try await task.value.text == "yes")
        }
    }

    @Test(
        "a lost attempt whose answer comes late still settles, and its answer counts", arguments: TestDatabase.allCases)
    func late(_ kind: TestDatabase) async throws {
        let gate = Gate()
        try await PipelineFixture.on(kind, processes: 2) { _ in
            await gate.pass()
            return .answer("late")
        } _: { fixture in
            let calls = fixture.calls()
            let budget = try await calls.budget(scope: "run", limit: Money(dollars: 1), tokens: nil, calls: nil)
            let dead = Self.deadProcess
            let task = try await Self.sent(fixture, calls, "a", budgets: [budget], by: dead)
            #expect(try await fixture.calls(process: 1).recover(scope: "run") == 1)
            #expect(try await fixture.budget(budget).unconfirmed == PipelineFixture.bound())
            await gate.open()
            #expect(try await task.value.text == "late")
            #expect(try await fixture.attempts() == ["settled"])
            let cost = Money(nanodollars: 105_000)
            #expect(try await fixture.budget(budget) == BudgetState(spent: cost, spentTokens: 15, calls: 1))
            let again = try await fixture.calls(process: 1).perform(fixture.call("a", budgets: [budget]))
            #expect(again.replayed)
            #expect(again.cost == cost)
            #expect(try await calls.totals(scope: "run").unconfirmed == .zero)
        }
    }

    @Test("a late answer to an answered call is paid for, and changes nothing else", arguments: TestDatabase.allCases)
    func tooLate(_ kind: TestDatabase) async throws {
        let gate = Gate()
        try await PipelineFixture.on(kind, processes: 2) { request in
            if request.index == 0 { await gate.pass() }
            return .answer("answer \(request.index)")
        } _: { fixture in
            let calls = fixture.calls()
            let budget = try await calls.budget(scope: "run", limit: Money(dollars: 1), tokens: nil, calls: nil)
            let dead = Self.deadProcess
            let task = try await Self.sent(fixture, calls, "a", budgets: [budget], by: dead)
            let other = fixture.calls(process: 1)
            #expect(try await other.recover(scope: "run") == 1)
            #expect(try await other.perform(fixture.call("a", budgets: [budget])).text == "answer 1")
            await gate.open()
            _ = try await task.value
            #expect(try await fixture.attempts() == ["settled", "settled"])
            let cost = Money(nanodollars: 210_000)
            #expect(try await fixture.budget(budget) == BudgetState(spent: cost, spentTokens: 30, calls: 2))
            let again = try await fixture.calls().perform(fixture.call("a", budgets: [budget]))
            #expect(again.text == "answer 1")
            #expect(again.cost == cost)
            #expect(try await calls.totals(scope: "run").cost == cost)
        }
    }

    @Test("who waits for a budget does not wait for the dead", arguments: TestDatabase.allCases)
    func waiting(_ kind: TestDatabase) async throws {
        try await PipelineFixture.on(kind, processes: 2) {
            $0.index == 0 ? .nothing : .answer("yes")
        } _: { fixture in
            let calls = fixture.calls()
            let bound = PipelineFixture.bound()
            let limit = bound + Money(nanodollars: bound.nanodollars / 2)
            let budget = try await calls.budget(scope: "run", limit: limit, tokens: nil, calls: nil)
            let dead = Self.deadProcess
            let task = try await Self.sent(fixture, calls, "a", budgets: [budget], by: dead)
            // What the dead one had reserved stays unconfirmed, so there is nothing left to wait for.
            let error = await #expect(throws: EdisonError.self) {
                try await fixture.calls(process: 1).perform(fixture.call("b", budgets: [budget]))
            }
            #expect(error?.code == .budgetExceeded)
            #expect(try await fixture.attempts() == ["lost"])
            task.cancel()
            await #expect(throws: CancellationError.self) { try await task.value }
        }
    }
}
