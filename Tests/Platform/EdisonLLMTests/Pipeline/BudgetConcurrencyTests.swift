import EdisonCore
import EdisonLLM
import EdisonSQL
import EdisonTestKit
import Synchronization
import Testing

@Suite("Budgets under load", .timeLimit(.minutes(3)))
struct BudgetConcurrencyTests {
    /// What the server billed, by its own count.
    final class Bill: Sendable {
        private let sum = Mutex(Int64(0))

        var total: Money { Money(nanodollars: sum.withLock { $0 }) }

        func reply(_ request: ModelServer.Request) -> WireReply {
            // The largest input that the bound allows for, and an output that differs from call to call.
            let input = request.text.utf8.count + 16
            let output = request.text.utf8.reduce(0) { ($0 &* 31 &+ Int($1)) % 21 }
            sum.withLock { $0 += Int64(input) * 3_000 + Int64(output) * 15_000 }
            return .answer("yes", usage: TokenUsage(input: input, output: output))
        }
    }

    private static func outcomes(
        _ fixture: PipelineFixture, _ all: [ModelCalls], budgets: @escaping @Sendable (Int) -> [Budget.ID]
    ) async throws -> (answered: Int, refused: Int, failed: Int) {
        try await withThrowingTaskGroup(of: Int.self) { group in
            for n in 0..<64 {
                group.addTask {
                    do {
                        let call = fixture.call("\(n)", "Question number \(n)", budgets: budgets(n))
                        return try await all[n % all.count].perform(call).response == nil ? 2 : 0
                    } catch let error as EdisonError where error.code == .budgetExceeded { return 1 }
                }
            }
            var counts = [0, 0, 0]
            for try await outcome in group { counts[outcome] += 1 }
            return (counts[0], counts[1], counts[2])
        }
    }

    @Test("64 calls at once never spend more than the budget", arguments: TestDatabase.allCases, [1, 2])
    func neverOver(_ kind: TestDatabase, processes: Int) async throws {
        let bill = Bill()
        try await PipelineFixture.on(kind, processes: processes) {
            bill.reply($0)
        } _: { fixture in
            let all = (0..<processes).map { fixture.calls(process: $0) }
            let limit = Money(nanodollars: 8_000_000)
            let budget = try await all[0].budget(scope: "run", limit: limit, tokens: nil, calls: nil)
            let counts = try await Self.outcomes(fixture, all) { _ in [budget] }
            let state = try await fixture.budget(budget)
            #expect(state.spent == bill.total)
            #expect(state.spent <= limit)
            #expect(state.reserved == .zero && state.reservedTokens == 0)
            #expect(state.unconfirmed == .zero)
            #expect(counts.answered == fixture.server.requests.count)
            #expect(counts.answered == state.calls)
            #expect(counts.answered > 8 && counts.refused > 8)
            #expect(counts.failed == 0)
            // It was refused only when really nothing fitted any more.
            #expect(state.spent + PipelineFixture.bound("Question number 63") > limit)
            #expect(try await all[0].totals(scope: "run").cost == bill.total)
        }
    }

    @Test("nor when connections break: what may have been billed counts", arguments: TestDatabase.allCases)
    func broken(_ kind: TestDatabase) async throws {
        let bill = Bill()
        try await PipelineFixture.on(kind) { request in
            let reply = bill.reply(request)
            switch request.index % 4 {
            // Billed, but nobody hears of it.
            case 1: return .broken
            case 2: return .cut
            default: return reply
            }
        } _: { fixture in
            let calls = fixture.calls(retry: .quick(tries: 2))
            let limit = Money(nanodollars: 8_000_000)
            let budget = try await calls.budget(scope: "run", limit: limit, tokens: nil, calls: nil)
            _ = try await Self.outcomes(fixture, [calls]) { _ in [budget] }
            let state = try await fixture.budget(budget)
            #expect(state.reserved == .zero)
            #expect(state.unconfirmed > .zero)
            #expect(state.bound <= limit)
            #expect(bill.total <= state.bound)
            let held = try await fixture.rows("SELECT reserved_nano FROM model_attempt WHERE status = 'lost'")
                .map { try $0.money("reserved_nano") }
            #expect(state.unconfirmed == held.reduce(.zero, +))
            #expect(try await calls.totals(scope: "run").unconfirmed == state.unconfirmed)
        }
    }

    @Test("calls under the same budgets in another order do not block one another", arguments: TestDatabase.allCases)
    func order(_ kind: TestDatabase) async throws {
        let bill = Bill()
        try await PipelineFixture.on(kind) {
            bill.reply($0)
        } _: { fixture in
            let calls = fixture.calls()
            let one = try await calls.budget(scope: "one", limit: Money(dollars: 1), tokens: nil, calls: nil)
            let two = try await calls.budget(scope: "two", limit: nil, tokens: 1_000_000, calls: nil)
            let counts = try await Self.outcomes(fixture, [calls]) { $0 % 2 == 0 ? [one, two] : [two, one] }
            #expect(counts.answered == 64)
            #expect(try await fixture.budget(one).spent == bill.total)
            #expect(try await fixture.budget(two) == fixture.budget(one))
        }
    }
}
