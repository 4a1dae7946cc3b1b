import EdisonCore
import EdisonLLM
import EdisonSQL
import EdisonTestKit
import Testing

@Suite("Failover", .timeLimit(.minutes(3)))
struct FailoverTests {
    /// In the order of the list: a server that fails, a key that is refused, and a provider with another format.
    private static func chain(_ fixture: PipelineFixture) -> ModelReference {
        let third = ModelReference(
            endpoint: Endpoint(
                kind: .anthropic, credentialID: "c3", baseURL: "http://127.0.0.1:\(fixture.server.port)",
                apiKey: Secret("key-c3")),
            model: "claude", price: Price(input: .init(nanodollars: 1_000_000), output: .init(nanodollars: 2_000_000)))
        return fixture.reference(
            "first", alternatives: [fixture.reference("second", credential: "c2"), third])
    }

    @Test("alternatives are asked in order, and the one that spoke is named and paid", arguments: TestDatabase.allCases)
    func order(_ kind: TestDatabase) async throws {
        try await PipelineFixture.on(kind) { request in
            switch request.model {
            case "first": .refusal(500)
            case "second": .refusal(401)
            default: .anthropic("here", input: 7, output: 3, model: "claude-2026")
            }
        } _: { fixture in
            let calls = fixture.calls(retry: .quick(tries: 2))
            let budget = try await calls.budget(scope: "run", limit: Money(dollars: 1), tokens: nil, calls: nil)
            let result = try await calls.perform(fixture.call("a", to: Self.chain(fixture), budgets: [budget]))
            #expect(result.text == "here")
            #expect(result.response?.model == "claude-2026")
            #expect(result.cost == Money(nanodollars: 13))
            #expect(result.attempts == 4)
            let requests = fixture.server.requests
            #expect(requests.map(\.model) == ["first", "first", "second", "claude"])
            #expect(requests.map(\.key) == ["Bearer key-c1", "Bearer key-c1", "Bearer key-c2", "key-c3"])

            let row = try await fixture.row("SELECT * FROM model_call")
            #expect(try row.string("status") == "answered")
            #expect(try row.string("provider") == "anthropic")
            #expect(try row.string("credential") == "c3")
            #expect(try row.string("model") == "claude")
            #expect(try row.string("served_by") == "claude-2026")
            #expect(try row.int("attempts") == 4)
            #expect(try await calls.totals(scope: "run").cost == Money(nanodollars: 13))
            #expect(
                try await fixture.budget(budget)
                    == BudgetState(spent: Money(nanodollars: 13), spentTokens: 10, calls: 4))
            #expect(try await fixture.calls().perform(fixture.call("a")).response?.model == "claude-2026")
        }
    }

    @Test("an alternative reserves at its own price", arguments: TestDatabase.allCases)
    func reservation(_ kind: TestDatabase) async throws {
        let gate = Gate()
        try await PipelineFixture.on(kind) { request in
            if request.model == "first" { return .refusal(404) }
            await gate.pass()
            return .answer("here")
        } _: { fixture in
            let calls = fixture.calls()
            let budget = try await calls.budget(scope: "run", limit: Money(dollars: 1), tokens: nil, calls: nil)
            let dear = Price(input: .init(nanodollars: 9_000_000_000), output: .init(nanodollars: 9_000_000_000))
            let reference = fixture.reference("first", alternatives: [fixture.reference("dear", price: dear)])
            let task = Task { try await calls.perform(fixture.call("a", to: reference, budgets: [budget])) }
            try await eventually("the request") { await gate.held == 1 }
            #expect(try await fixture.budget(budget).reserved == Money(nanodollars: 41 * 9_000))
            await gate.open()
            #expect(try await task.value.cost == Money(nanodollars: 15 * 9_000))
        }
    }

    @Test("when nobody can answer, the last failure is the call's", arguments: TestDatabase.allCases)
    func allFail(_ kind: TestDatabase) async throws {
        try await PipelineFixture.on(kind) {
            .refusal($0.model == "first" ? 400 : 403)
        } _: { fixture in
            let calls = fixture.calls()
            let reference = fixture.reference("first", alternatives: [fixture.reference("second", price: nil)])
            let result = try await calls.perform(fixture.call("a", to: reference))
            #expect(result.failure?.kind == .notAllowed)
            #expect(result.attempts == 2)
            #expect(try await fixture.row("SELECT status FROM model_call").string("status") == "failed")
        }
    }

    @Test("an alternative without a price is passed over under a budget in money", arguments: TestDatabase.allCases)
    func unpriced(_ kind: TestDatabase) async throws {
        try await PipelineFixture.on(kind) {
            $0.model == "first" ? .refusal(403) : .answer("here")
        } _: { fixture in
            let calls = fixture.calls()
            let budget = try await calls.budget(scope: "run", limit: Money(dollars: 1), tokens: nil, calls: nil)
            let unknown = fixture.reference("second", price: nil)
            let both = fixture.reference("first", alternatives: [unknown])
            let result = try await calls.perform(fixture.call("a", to: both, budgets: [budget]))
            #expect(result.failure?.kind == .notAllowed)
            #expect(result.failure?.status == 403)
            #expect(fixture.server.requests.map(\.model) == ["first"])

            let three = fixture.reference("first", alternatives: [unknown, fixture.reference("third")])
            #expect(try await calls.perform(fixture.call("b", to: three, budgets: [budget])).text == "here")
            #expect(fixture.server.requests.map(\.model) == ["first", "first", "third"])
        }
    }
}
