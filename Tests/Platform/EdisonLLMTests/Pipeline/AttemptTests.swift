import EdisonCore
import EdisonSQL
import EdisonTestKit
import Testing

@testable import EdisonLLM

@Suite("The attempts of a call", .timeLimit(.minutes(3)))
struct AttemptTests {
    @Test("every attempt has an id of its own, which the provider sees", arguments: TestDatabase.allCases)
    func header(_ kind: TestDatabase) async throws {
        try await PipelineFixture.on(kind) { request in
            switch request.index {
            case 0: .refusal(429)
            case 1: .broken
            default: .answer("yes")
            }
        } _: { fixture in
            let calls = fixture.calls()
            _ = try await calls.perform(fixture.call("a"))
            _ = try await calls.perform(fixture.call("b"))
            let seen = fixture.server.requests.map(\.attempt)
            #expect(seen.count == 4)
            #expect(Set(seen).count == 4)
            #expect(seen.allSatisfy { $0.count == 36 })
            let rows = try await fixture.rows("SELECT id FROM model_attempt ORDER BY sent_at, id")
            #expect(try rows.map { try $0.string("id") } == seen)
        }
    }

    struct Ending: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let reply: WireReply
        let status: String
        var cost = Money.zero
        var unconfirmed = Money.zero
        var isAnswer = false
    }

    static let bound = PipelineFixture.bound()
    static let endings = [
        Ending(
            testDescription: "an answer", reply: .answer("yes"), status: "settled", cost: Money(nanodollars: 105_000),
            isAnswer: true),
        Ending(
            testDescription: "an answer that does not say what it used", reply: .answer("yes", usage: nil),
            status: "lost", unconfirmed: bound, isAnswer: true),
        Ending(testDescription: "an error of the server", reply: .refusal(500), status: "settled"),
        Ending(testDescription: "a refusal", reply: .refusal(400), status: "settled"),
        Ending(testDescription: "too many requests", reply: .refusal(429), status: "settled"),
        Ending(testDescription: "no status", reply: .broken, status: "lost", unconfirmed: bound),
        Ending(testDescription: "half an answer", reply: .cut, status: "lost", unconfirmed: bound),
        Ending(testDescription: "silence", reply: .nothing, status: "lost", unconfirmed: bound),
        Ending(testDescription: "what is no answer", reply: .malformed, status: "lost", unconfirmed: bound),
    ]

    @Test("an attempt ends settled or lost", arguments: TestDatabase.allCases, endings)
    func ends(_ kind: TestDatabase, _ ending: Ending) async throws {
        try await PipelineFixture.on(kind) { _ in
            ending.reply
        } _: { fixture in
            let calls = fixture.calls(retry: .quick(tries: 1))
            let budget = try await calls.budget(scope: "run", limit: Money(dollars: 1), tokens: nil, calls: nil)
            // Only silence runs into it.
            let reference = fixture.reference(settings: ["timeout": ending.reply.isSilent ? 0.5 : 30])
            let result = try await calls.perform(fixture.call("a", to: reference, budgets: [budget]))
            #expect((result.response != nil) == ending.isAnswer)
            #expect((result.failure == nil) == ending.isAnswer)
            #expect(try await fixture.attempts() == [ending.status])
            let state = try await fixture.budget(budget)
            #expect(state.reserved == .zero && state.reservedTokens == 0)
            #expect(state.spent == ending.cost)
            #expect(state.unconfirmed == ending.unconfirmed)
            #expect(state.calls == 1)
            // Tokens that may have been used count as used.
            #expect(state.spentTokens == (ending.status == "lost" ? 41 : ending.isAnswer ? 15 : 0))
            let totals = try await calls.totals(scope: "run")
            #expect(totals.unconfirmed == ending.unconfirmed)
            #expect(totals.count == 1)
            let isKnown = !(ending.isAnswer && ending.status == "lost")
            #expect(result.cost == (isKnown ? ending.cost : nil))
            #expect(totals.cost == result.cost)
        }
    }

    @Test("a connection that nobody took costs nothing and is no call", arguments: TestDatabase.allCases)
    func neverSent(_ kind: TestDatabase) async throws {
        try await PipelineFixture.on(kind) { _ in
            .answer("yes")
        } _: { fixture in
            let calls = fixture.calls(retry: .quick(tries: 3))
            let budget = try await calls.budget(scope: "run", limit: Money(dollars: 1), tokens: nil, calls: 1)
            // Nobody listens on the port of tcpmux.
            var reference = fixture.reference()
            reference.endpoint.baseURL = "http://127.0.0.1:1/v1"
            let result = try await calls.perform(fixture.call("a", to: reference, budgets: [budget]))
            #expect(result.failure?.kind == .connection)
            #expect(result.attempts == 3)
            #expect(result.cost == .zero)
            #expect(try await fixture.attempts() == ["settled", "settled", "settled"])
            #expect(try await fixture.budget(budget) == BudgetState())
        }
    }

    @Test("what free models use is not unconfirmed, whatever they say of it", arguments: TestDatabase.allCases)
    func free(_ kind: TestDatabase) async throws {
        try await PipelineFixture.on(kind) { _ in
            .answer("yes", usage: nil)
        } _: { fixture in
            let calls = fixture.calls()
            let budget = try await calls.budget(scope: "run", limit: Money(dollars: 1), tokens: 1000, calls: nil)
            let result = try await calls.perform(
                fixture.call("a", to: fixture.reference(price: .free), budgets: [budget]))
            #expect(result.cost == .zero)
            #expect(try await fixture.attempts() == ["settled"])
            #expect(try await fixture.budget(budget) == BudgetState(spentTokens: 41, calls: 1))
        }
    }

    @Test("an error that says what it used is paid at that", arguments: TestDatabase.allCases)
    func usageOfFailure(_ kind: TestDatabase) async throws {
        try await PipelineFixture.on(kind) { _ in
            .answer("yes")
        } _: { fixture in
            let calls = fixture.calls()
            let budget = try await calls.budget(scope: "run", limit: Money(dollars: 1), tokens: nil, calls: nil)
            let call = fixture.call("a", budgets: [budget])
            let bound = CallLedger.Bound(cost: Self.bound, tokens: 41)
            guard case .reserved(let reservation) = try await calls.ledger.reserve(call, credential: "c1", bound) else {
                Issue.record("nothing was reserved")
                return
            }
            let failure = ProviderFailure(
                .contentFiltered, "filtered", status: 400, usage: TokenUsage(input: 10, output: 2))
            // Told twice, it is paid once.
            for _ in 0..<2 {
                try await calls.ledger.settle(reservation, failure: failure, price: PipelineFixture.price)
            }
            let cost = Money(nanodollars: 60_000)
            #expect(try await fixture.budget(budget) == BudgetState(spent: cost, spentTokens: 12, calls: 1))
            let result = try await calls.ledger.fail(call, failure, latency: .zero)
            #expect(result.cost == cost)
            #expect(try await calls.totals(scope: "run").cost == cost)
        }
    }
}
