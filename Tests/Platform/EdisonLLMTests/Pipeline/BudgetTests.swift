import EdisonCore
import EdisonLLM
import EdisonSQL
import EdisonTestKit
import Testing

@Suite("Budgets", .timeLimit(.minutes(3)))
struct BudgetTests {
    @Test("a call reserves all that it may cost, and settles at what it did cost", arguments: TestDatabase.allCases)
    func reservation(_ kind: TestDatabase) async throws {
        let gate = Gate()
        try await PipelineFixture.on(kind) { _ in
            await gate.pass()
            return .answer("yes")
        } _: { fixture in
            let calls = fixture.calls()
            let budget = try await calls.budget(scope: "run", limit: Money(dollars: 1), tokens: nil, calls: nil)
            var price = PipelineFixture.price
            price.cachedInput = .init(nanodollars: 300_000_000)
            price.cacheWrite = .init(nanodollars: 3_750_000_000)
            price.reasoning = .init(nanodollars: 16_000_000_000)
            let request = ModelRequest(
                model: "m", messages: [.system("Ü"), .user("Hello")], parameters: ModelParameters(maxTokens: 20))
            let call = ModelCall(
                key: CallKey(scope: "run", purpose: .execute, parts: []), reference: fixture.reference(price: price),
                request: request, budgets: [budget])
            let task = Task { try await calls.perform(call) }
            try await eventually("the request") { await gate.held == 1 }
            // 2 + 5 bytes, 16 for each of two messages, at the dearest rates of input and of output.
            let tokens = 7 + 32
            let bound = Money(nanodollars: Int64(tokens) * 3_750 + 20 * 16_000)
            #expect(
                try await fixture.budget(budget)
                    == BudgetState(reserved: bound, reservedTokens: tokens + 20, calls: 1))
            await gate.open()
            let result = try await task.value
            #expect(result.cost == Money(nanodollars: 10 * 3_000 + 5 * 15_000))
            #expect(try await fixture.budget(budget) == BudgetState(spent: result.cost!, spentTokens: 15, calls: 1))
        }
    }

    @Test("tools and the schema of the answer are reserved for, too", arguments: TestDatabase.allCases)
    func everythingRead(_ kind: TestDatabase) async throws {
        let gate = Gate()
        try await PipelineFixture.on(kind) { _ in
            await gate.pass()
            return .answer("yes")
        } _: { fixture in
            let calls = fixture.calls()
            let budget = try await calls.budget(scope: "run", limit: nil, tokens: nil, calls: nil)
            let words = String(repeating: "x", count: 5_000)
            let request = ModelRequest(
                model: "m", messages: [.user("Hello")], parameters: ModelParameters(maxTokens: 1),
                tools: [Tool(name: "look", description: words, parameters: ["title": .string(words)])],
                responseFormat: .schema(ResponseSchema(name: "s", schema: ["title": .string(words)])))
            let call = ModelCall(
                key: CallKey(scope: "run", purpose: .execute, parts: []), reference: fixture.reference(),
                request: request, budgets: [budget])
            let task = Task { try await calls.perform(call) }
            try await eventually("the request") { await gate.held == 1 }
            #expect(try await fixture.budget(budget).reservedTokens > 15_000)
            await gate.open()
            _ = try await task.value
        }
    }

    @Test("a request under a budget goes out with a limit of tokens", arguments: TestDatabase.allCases)
    func limitOfTokens(_ kind: TestDatabase) async throws {
        let gate = Gate()
        try await PipelineFixture.on(kind) { request in
            if request.index == 1 { await gate.pass() }
            return .answer("yes")
        } _: { fixture in
            let calls = fixture.calls()
            let budget = try await calls.budget(scope: "run", limit: Money(dollars: 1), tokens: nil, calls: nil)
            _ = try await calls.perform(fixture.call("free", maxTokens: nil))
            #expect(fixture.server.requests[0].body["max_tokens"] == nil)

            let task = Task { try await calls.perform(fixture.call("bound", maxTokens: nil, budgets: [budget])) }
            try await eventually("the request") { await gate.held == 1 }
            #expect(fixture.server.requests[1].body["max_tokens"] == 4096)
            #expect(try await fixture.budget(budget).reserved == PipelineFixture.bound(maxTokens: 4096))
            await gate.open()
            _ = try await task.value

            // A provider's own name for it stands above ours on the wire, so it counts.
            var own = fixture.call("own", maxTokens: nil, budgets: [budget])
            own.request.parameters.extra = ["max_completion_tokens": 100_000]
            await #expect(throws: EdisonError.self) { try await calls.perform(own) }
            // Several answers to one request are all paid for.
            for answers: JSONValue in [5, "5", 5.0] {
                own.request.parameters.extra = ["max_tokens": 20_000, "n": answers]
                await #expect(throws: EdisonError.self) { try await calls.perform(own) }
            }
            own.request.parameters.extra = ["max_tokens": "100000"]
            await #expect(throws: EdisonError.self) { try await calls.perform(own) }
        }
    }

    @Test("what does not fit waits while others are open, and fails when none is", arguments: TestDatabase.allCases)
    func waiting(_ kind: TestDatabase) async throws {
        let gate = Gate()
        try await PipelineFixture.on(kind) { request in
            if request.index == 0 { await gate.pass() }
            return .answer("answer \(request.index)")
        } _: { fixture in
            let calls = fixture.calls()
            // One reservation and what one call costs, but not two reservations.
            let cost = Money(nanodollars: 105_000)
            let limit = PipelineFixture.bound() + cost
            let budget = try await calls.budget(scope: "run", limit: limit, tokens: nil, calls: nil)
            let first = Task { try await calls.perform(fixture.call("a", budgets: [budget])) }
            try await eventually("the request") { await gate.held == 1 }
            let second = Task { try await calls.perform(fixture.call("b", budgets: [budget])) }
            try await settle()
            #expect(fixture.server.requests.count == 1)
            await gate.open()
            #expect(try await first.value.text == "answer 0")
            #expect(try await second.value.text == "answer 1")

            let error = await #expect(throws: EdisonError.self) {
                try await calls.perform(fixture.call("c", budgets: [budget]))
            }
            #expect(error?.code == .budgetExceeded)
            let shortage = error?.underlying as? BudgetExhausted
            #expect(shortage?.limit == .usd)
            #expect(shortage?.isBelowOneCall == false)
            #expect(fixture.server.requests.count == 2)
            #expect(try await fixture.budget(budget) == BudgetState(spent: cost + cost, spentTokens: 30, calls: 2))

            let raised = try await calls.budget(scope: "run", limit: limit + limit, tokens: nil, calls: nil)
            #expect(raised == budget)
            #expect(try await calls.perform(fixture.call("c", budgets: [budget])).text == "answer 2")
        }
    }

    @Test("limits of tokens and of calls hold as well", arguments: TestDatabase.allCases)
    func otherLimits(_ kind: TestDatabase) async throws {
        try await PipelineFixture.on(kind) { _ in
            .answer("yes")
        } _: { fixture in
            let calls = fixture.calls()
            // A call may use 41 tokens and does use 15.
            let tokens = try await calls.budget(scope: "tokens", limit: nil, tokens: 60, calls: nil)
            let number = try await calls.budget(scope: "calls", limit: nil, tokens: nil, calls: 2)
            for (budget, limit) in [(tokens, BudgetLimit.tokens), (number, .calls)] {
                for name in ["a", "b"] {
                    #expect(
                        try await calls.perform(fixture.call(name, scope: "\(limit)", budgets: [budget])).text == "yes")
                }
                let error = await #expect(throws: EdisonError.self) {
                    try await calls.perform(fixture.call("c", scope: "\(limit)", budgets: [budget]))
                }
                #expect(error?.code == .budgetExceeded)
                #expect((error?.underlying as? BudgetExhausted)?.limit == limit)
                let state = try await fixture.budget(budget)
                #expect(state.spentTokens == 30)
                #expect(state.reservedTokens == 0)
                #expect(state.calls == 2)
            }
            #expect(fixture.server.requests.count == 4)
        }
    }

    @Test("a limit below one call says so", arguments: TestDatabase.allCases)
    func belowOneCall(_ kind: TestDatabase) async throws {
        try await PipelineFixture.on(kind) { _ in
            .answer("yes")
        } _: { fixture in
            let calls = fixture.calls()
            let less = Money(nanodollars: PipelineFixture.bound().nanodollars - 1)
            let budgets = [
                try await calls.budget(scope: "usd", limit: less, tokens: nil, calls: nil),
                try await calls.budget(scope: "tokens", limit: nil, tokens: 40, calls: nil),
                try await calls.budget(scope: "calls", limit: nil, tokens: nil, calls: 0),
            ]
            for (n, budget) in budgets.enumerated() {
                let error = await #expect(throws: EdisonError.self) {
                    try await calls.perform(fixture.call("\(n)", budgets: [budget]))
                }
                let shortage = error?.underlying as? BudgetExhausted
                #expect(shortage?.limit == [.usd, .tokens, .calls][n])
                #expect(shortage?.isBelowOneCall == true)
                #expect(error?.message.contains("one call") == true)
            }
            #expect(fixture.server.requests.isEmpty)
        }
    }

    @Test(
        "the tightest of several budgets holds, and the others keep nothing reserved", arguments: TestDatabase.allCases)
    func several(_ kind: TestDatabase) async throws {
        try await PipelineFixture.on(kind) { _ in
            .answer("yes")
        } _: { fixture in
            let calls = fixture.calls()
            let wide = try await calls.budget(scope: "wide", limit: Money(dollars: 1), tokens: nil, calls: nil)
            let tight = try await calls.budget(scope: "tight", limit: PipelineFixture.bound(), tokens: nil, calls: nil)
            for budgets in [[wide, tight], [tight, wide, tight]] {
                let name = "\(budgets.count)"
                if budgets.count == 2 {
                    _ = try await calls.perform(fixture.call(name, budgets: budgets))
                } else {
                    await #expect(throws: EdisonError.self) {
                        try await calls.perform(fixture.call(name, budgets: budgets))
                    }
                }
            }
            let expected = BudgetState(spent: Money(nanodollars: 105_000), spentTokens: 15, calls: 1)
            #expect(try await fixture.budget(wide) == expected)
            #expect(try await fixture.budget(tight) == expected)
        }
    }

    @Test("a model without a price is not asked under a budget in money", arguments: TestDatabase.allCases)
    func unpriced(_ kind: TestDatabase) async throws {
        try await PipelineFixture.on(kind) { _ in
            .answer("yes")
        } _: { fixture in
            let calls = fixture.calls()
            let unknown = fixture.reference(price: nil)
            let money = try await calls.budget(scope: "money", limit: Money(dollars: 1), tokens: nil, calls: nil)
            let result = try await calls.perform(fixture.call("a", to: unknown, budgets: [money]))
            #expect(result.failure?.message.contains("price of m is unknown") == true)
            #expect(fixture.server.requests.isEmpty)
            #expect(try await fixture.budget(money) == BudgetState())

            let number = try await calls.budget(scope: "number", limit: nil, tokens: nil, calls: 1)
            #expect(try await calls.perform(fixture.call("b", to: unknown, budgets: [number])).text == "yes")
        }
    }

    @Test("a budget that does not exist is an error, and nothing is sent", arguments: TestDatabase.allCases)
    func missing(_ kind: TestDatabase) async throws {
        try await PipelineFixture.on(kind) { _ in
            .answer("yes")
        } _: { (fixture) async throws in
            await #expect(throws: EdisonError.self) {
                try await fixture.calls().perform(fixture.call("a", budgets: [Budget.ID("nobody's")]))
            }
            #expect(fixture.server.requests.isEmpty)
            #expect(try await fixture.attempts().isEmpty)
        }
    }
}
