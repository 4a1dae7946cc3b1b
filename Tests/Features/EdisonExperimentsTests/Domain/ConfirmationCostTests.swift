import EdisonCore
import EdisonLLM
import Testing

@testable import EdisonExperiments

@Suite("What the test at the end will cost")
struct ConfirmationCostTests {
    private func calls(
        _ purpose: CallPurpose, _ model: String, _ count: Int, dollars: Double = 0.01, tokens: Int = 100,
        requests: Int = 1, reserving: Double = 0.01
    ) -> [Spending.Call] {
        Array(
            repeating: Spending.Call(
                purpose, model: model, requests: requests, cost: Money(dollars: dollars) ?? .zero, tokens: tokens,
                latency: .seconds(1), reservedCost: Money(dollars: reserving) ?? .zero, reservedTokens: tokens),
            count: count)
    }

    private func ranges(_ parts: [ConfirmationCost.Part], _ calls: [Spending.Call]) -> [StopReason: CostRange] {
        ConfirmationCost(parts: parts, calls: calls, concurrency: 4).ranges
    }

    private func expect(
        _ range: CostRange?, _ least: Double, _ most: Double, _ place: SourceLocation = #_sourceLocation
    ) {
        #expect(abs((range?.least ?? -1) - least) < 1e-9, "\(String(describing: range))", sourceLocation: place)
        #expect(abs((range?.most ?? -1) - most) < 1e-9, "\(String(describing: range))", sourceLocation: place)
    }

    @Test("each judge counts at its own price, however often it was asked")
    func prices() {
        let spent =
            calls(.judge, "cheap", 60, dollars: 0.001, reserving: 0.001)
            + calls(.judge, "dear", 4, dollars: 0.1, reserving: 0.1)
        let parts = ["cheap", "dear"].map {
            ConfirmationCost.Part(.judge, model: $0, missing: 20, made: $0 == "dear" ? 4 : 60)
        }
        expect(ranges(parts, spent)[.budget], 2.02, 2.02)
    }

    @Test("several calls to one answer count, and so do corrective attempts")
    func severalCalls() {
        let parts = [ConfirmationCost.Part(.judge, model: "judge", missing: 10, made: 20, callsEach: 3)]
        expect(ranges(parts, calls(.judge, "judge", 60))[.calls], 30, 30)
        // Six more: corrective attempts, or, after a kill, calls of answers that are not whole yet, which are paid for.
        expect(ranges(parts, calls(.judge, "judge", 66))[.calls], 24, 33)
    }

    @Test("what was never asked for takes its number of calls, each what a request reserves")
    func unknown() {
        let price = Price(
            input: .init(nanodollars: 1_000_000_000), output: .init(nanodollars: 10_000_000_000))
        let parts = [ConfirmationCost.Part(.judge, model: "new", missing: 5, made: 0, callsEach: 3, price: price)]
        let found = ranges(parts, calls(.execute, "writer", 10, tokens: 1_000))
        expect(found[.calls], 0, 15)
        expect(found[.tokens], 0, 15_000)
        expect(found[.budget], 0, 15 * 0.01)
    }

    @Test("the last call begins only if all that it may take is left")
    func reservation() {
        let parts = [ConfirmationCost.Part(.execute, model: "writer", missing: 10, made: 10)]
        expect(ranges(parts, calls(.execute, "writer", 10, reserving: 0.06))[.budget], 0.15, 0.15)
    }

    @Test("cached answers cost nothing, and as many again are not counted on")
    func cached() {
        let parts = [ConfirmationCost.Part(.execute, model: "writer", missing: 10, made: 20)]
        let some = calls(.execute, "writer", 10) + calls(.execute, "writer", 10, dollars: 0, tokens: 0, requests: 0)
        let found = ranges(parts, some)[.calls]
        #expect(found?.most == 10)
        #expect((found?.least ?? 10) < 5)
        expect(ranges(parts, calls(.execute, "writer", 20, dollars: 0, tokens: 0, requests: 0))[.calls], 0, 0)
    }

    @Test("calls beside each other share the time, and the last judgment follows the last answer")
    func time() {
        let parts = [
            ConfirmationCost.Part(.execute, model: "writer", missing: 20, made: 20),
            ConfirmationCost.Part(.judge, model: "judge", missing: 20, made: 20),
        ]
        expect(ranges(parts, calls(.execute, "writer", 20) + calls(.judge, "judge", 20))[.time], 10, 12)
    }

    @Test("a test that is paid for takes nothing")
    func paid() {
        #expect(ranges([ConfirmationCost.Part(.execute, model: "writer", missing: 0, made: 9)], []).isEmpty)
    }

    @Test("calls that differ make the range wide, never beyond as many of the dearest or the cheapest")
    func spread() {
        let few = CostRange(of: 20, like: [1, 3])
        #expect(few == CostRange(of: 20, like: [3, 1]))
        #expect(few.least == 20 && few.most == 60)
        let many = CostRange(of: 20, like: Array(repeating: [1.0, 3], count: 100).flatMap(\.self))
        #expect(many.least > 28 && many.least < 40)
        #expect(many.most < 52 && many.most > 40)
    }

    @Test(
        "another iteration may take what the dearest took, and more while few are known; interrupted ones tell no time")
    func iterations() {
        func at(_ seconds: Int64) -> Timestamp { Timestamp(microseconds: seconds * 1_000_000) }
        let calls = [Int64](arrayLiteral: 1, 2, 11, 25).map { second -> Spending.Call in
            var call = self.calls(.execute, "writer", 1)[0]
            call.began = at(second)
            return call
        }
        let spans = [at(0)...at(5), at(10)...at(14), at(20)...at(60)]
        let one = IterationCost(spans: Array(spans.prefix(1)), calls: calls, elapsed: 20).next
        #expect(one[.calls] == 3 && one[.tokens] == 300 && one[.time] == 7.5)
        let two = IterationCost(spans: Array(spans.prefix(2)), calls: calls, elapsed: 20).next
        #expect(two[.calls] == 2.5)
        let three = IterationCost(spans: spans, calls: calls, elapsed: 20).next
        #expect(abs((three[.time] ?? 0) - 35 / 6) < 1e-9)
    }
}
