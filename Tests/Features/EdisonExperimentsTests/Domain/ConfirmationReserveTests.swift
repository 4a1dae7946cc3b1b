import EdisonCore
import EdisonExperiments
import EdisonLLM
import Testing

@Suite("What a limit keeps for the test at the end")
struct ConfirmationReserveTests {
    /// After two iterations of 100 calls each: 60 executions at a cent, 140 judgments at half a cent.
    private func reserve(iterations: Int = 2, executions: Int = 40, judgments: Int = 40) -> ConfirmationReserve {
        var spent = LedgerTotals()
        spent.calls = [("execute", 60), ("judge", 140)]
        spent.costs = [("execute", Money(dollars: 0.6) ?? .zero), ("judge", Money(dollars: 0.7) ?? .zero)]
        spent.cost = Money(dollars: 1.3)
        spent.inputTokens = 15_000
        spent.outputTokens = 5_000
        return ConfirmationReserve(
            spent: spent, iterations: iterations, executions: executions, judgments: judgments)
    }

    private func rules(calls: Int? = nil, tokens: Int? = nil, dollars: Double? = nil) -> StopRules {
        var rules = StopRules()
        rules.maxCalls = calls
        rules.maxTokens = tokens
        rules.maxBudget = dollars.flatMap { Money(dollars: $0) }
        return rules
    }

    @Test("a search ends when the rest pays for the test, and not for another iteration as well")
    func calls() {
        #expect(reserve().limitReached(rules(calls: 380)) == nil, "180 left: an iteration of 100 and a test of 80")
        #expect(reserve().limitReached(rules(calls: 379)) == .calls)
        #expect(reserve().limitReached(rules(calls: 280)) == .calls, "just the test")
    }

    @Test("what cannot pay for the test is left to the search")
    func tooLittle() {
        #expect(reserve().limitReached(rules(calls: 279)) == nil)
    }

    @Test("tokens and money are told by what calls have taken so far")
    func tokensAndMoney() {
        // 100 tokens a call: a test takes 8,000, an iteration 10,000.
        #expect(reserve().limitReached(rules(tokens: 38_000)) == nil)
        #expect(reserve().limitReached(rules(tokens: 37_999)) == .tokens)
        // A test costs 0.60, an iteration 0.65.
        #expect(reserve().limitReached(rules(dollars: 2.56)) == nil)
        #expect(reserve().limitReached(rules(dollars: 2.54)) == .budget)
        #expect(reserve().limitReached(rules(dollars: 1.89)) == nil)
    }

    @Test("without a limit, and before the first iteration, nothing is kept")
    func none() {
        #expect(reserve().limitReached(StopRules()) == nil)
        #expect(reserve(iterations: 0).limitReached(rules(calls: 280)) == nil)
    }
}
