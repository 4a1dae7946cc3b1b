import EdisonCore
import EdisonLLM
import EdisonSQL
import EdisonTestKit
import Testing

@Suite("The cost of calls", .timeLimit(.minutes(3)))
struct CostTests {
    struct Sample: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let price: Price
        let usage: TokenUsage
        /// Nano-dollars.
        let cost: Int64
    }

    /// In nano-dollars for a million tokens.
    private static func price(
        _ input: Int64, _ output: Int64, cached: Int64? = nil, write: Int64? = nil, reasoning: Int64? = nil
    ) -> Price {
        Price(
            input: .init(nanodollars: input), output: .init(nanodollars: output),
            cachedInput: cached.map { .init(nanodollars: $0) }, cacheWrite: write.map { .init(nanodollars: $0) },
            reasoning: reasoning.map { .init(nanodollars: $0) })
    }

    static let samples = [
        Sample(
            testDescription: "input and output", price: price(150_000_000, 600_000_000),
            usage: TokenUsage(input: 1_000, output: 10), cost: 156_000),
        Sample(
            testDescription: "half a nano-dollar is one", price: price(500_000, 0),
            usage: TokenUsage(input: 1, output: 9), cost: 1),
        Sample(
            testDescription: "less than half is none", price: price(499_999, 0), usage: TokenUsage(input: 1, output: 0),
            cost: 0),
        Sample(
            testDescription: "rounded once, not for each kind", price: price(400_000, 400_000),
            usage: TokenUsage(input: 1, output: 1), cost: 1),
        Sample(
            testDescription: "two halves are one and not two", price: price(500_000, 500_000),
            usage: TokenUsage(input: 1, output: 1), cost: 1),
        Sample(
            testDescription: "cached input and cache writes",
            price: price(3_000_000, 0, cached: 300_000, write: 3_750_000),
            usage: TokenUsage(input: 1_000, cacheRead: 600, cacheWrite: 300, output: 0), cost: 180 + 1_125 + 300),
        Sample(
            testDescription: "cached input without a price of its own", price: price(3_000_000, 0),
            usage: TokenUsage(input: 1_000, cacheRead: 600, cacheWrite: 300, output: 0), cost: 3_000),
        Sample(
            testDescription: "reasoning", price: price(0, 10_000_000, reasoning: 40_000_000),
            usage: TokenUsage(input: 0, output: 100, reasoning: 30), cost: 700 + 1_200),
        Sample(
            testDescription: "reasoning without a price of its own", price: price(0, 10_000_000),
            usage: TokenUsage(input: 0, output: 100, reasoning: 30), cost: 1_000),
        Sample(
            testDescription: "more than 64 bits on the way", price: price(75_000_000_000, 150_000_000_000),
            usage: TokenUsage(input: 1_000_000_000, output: 1_000_000_000), cost: 225_000_000_000_000),
    ]

    @Test("is exact, and rounded once an attempt, half up", arguments: TestDatabase.allCases, samples)
    func exact(_ kind: TestDatabase, _ sample: Sample) async throws {
        try await PipelineFixture.on(kind) { _ in
            .answer("yes", usage: sample.usage)
        } _: { fixture in
            let calls = fixture.calls()
            let budget = try await calls.budget(scope: "run", limit: nil, tokens: nil, calls: nil)
            let reference = fixture.reference(price: sample.price)
            for name in ["a", "b"] {
                let result = try await calls.perform(fixture.call(name, to: reference, budgets: [budget]))
                #expect(result.cost == Money(nanodollars: sample.cost))
                #expect(result.usage == sample.usage)
            }
            let attempts = try await fixture.rows("SELECT * FROM model_attempt")
            #expect(try attempts.map { try $0.money("cost_nano").nanodollars } == [sample.cost, sample.cost])
            #expect(try await calls.totals(scope: "run").cost == Money(nanodollars: 2 * sample.cost))
            #expect(try await fixture.budget(budget).spent == Money(nanodollars: 2 * sample.cost))
        }
    }

    @Test("is unknown without a price, never nothing", arguments: TestDatabase.allCases)
    func unknown(_ kind: TestDatabase) async throws {
        try await PipelineFixture.on(kind) { _ in
            .answer("yes")
        } _: { fixture in
            let calls = fixture.calls()
            let reference = fixture.reference("mystery", price: nil)
            #expect(calls.price(of: reference) == nil)
            #expect(try await calls.perform(fixture.call("a", to: reference)).cost == nil)
            #expect(try await fixture.calls().perform(fixture.call("a", to: reference)).cost == nil)
            _ = try await calls.perform(fixture.call("b"))
            let totals = try await calls.totals(scope: "run")
            #expect(totals.cost == nil)
            #expect(totals.unknownPrices == ["openai-compatible/mystery"])
            #expect(totals.inputTokens == 20)
            #expect(try await fixture.rows("SELECT id FROM model_attempt WHERE cost_nano IS NULL").count == 1)
            // Cached, it is known to cost nothing.
            _ = try await calls.perform(fixture.call("c", scope: "other", to: reference, caching: .on))
            let cached = try await calls.perform(fixture.call("d", scope: "third", to: reference, caching: .on))
            #expect(cached.cost == .zero)
            #expect(try await calls.totals(scope: "third").cost == .zero)
        }
    }

    @Test("follows the price that holds at the time", arguments: TestDatabase.allCases)
    func dated(_ kind: TestDatabase) async throws {
        try await PipelineFixture.on(kind) { _ in
            .answer("yes")
        } _: { fixture in
            func entry(_ model: String, _ days: Int, _ nano: Int64) -> PriceTable.Entry {
                PriceTable.Entry(
                    provider: "openai-compatible", model: model,
                    since: Timestamp.now.advanced(by: .seconds(days * 86_400)),
                    price: Price(input: .init(nanodollars: nano), output: .init(nanodollars: 0)), source: "a list")
            }
            let prices = PriceTable([
                entry("m", -10, 2_000_000), entry("m", 1, 3_000_000), entry("m", -30, 1_000_000), entry("soon", 1, 9),
            ])
            let calls = fixture.calls(prices: prices)
            let reference = fixture.reference(price: nil)
            #expect(try await calls.perform(fixture.call("a", to: reference)).cost == Money(nanodollars: 20))
            let soon = try await calls.perform(fixture.call("b", to: fixture.reference("soon", price: nil)))
            #expect(soon.cost == nil)
            // What the file says stands above the table.
            #expect(try await calls.perform(fixture.call("c")).cost == Money(nanodollars: 105_000))

            func price(at days: Int) -> Int64? {
                prices.price(of: reference, at: Timestamp.now.advanced(by: .seconds(days * 86_400)))?.input.nanodollars
            }
            #expect(
                [-40, -30, -11, -10, 0, 2].map(price) == [nil, 1_000_000, 1_000_000, 2_000_000, 2_000_000, 3_000_000])
            var elsewhere = reference
            elsewhere.endpoint.kind = .openAI
            #expect(prices.price(of: elsewhere, at: .now) == nil)
        }
    }

    @Test("is nothing on one's own machine", arguments: TestDatabase.allCases)
    func free(_ kind: TestDatabase) async throws {
        let body: JSONValue = [
            "model": "llama", "message": ["role": "assistant", "content": "yes"], "done": true, "done_reason": "stop",
            "prompt_eval_count": 9, "eval_count": 4,
        ]
        try await PipelineFixture.on(kind) { _ in
            WireReply(body: body.text())
        } _: { fixture in
            let calls = fixture.calls()
            let reference = ModelReference(
                endpoint: Endpoint(
                    kind: .ollama, credentialID: "o", baseURL: "http://127.0.0.1:\(fixture.server.port)"),
                model: "llama")
            let result = try await calls.perform(fixture.call("a", to: reference))
            #expect(result.text == "yes")
            #expect(result.cost == .zero)
            #expect(try await calls.totals(scope: "run").cost == .zero)
        }
    }
}
