import EdisonCore
import EdisonExperiments
import Testing

@Suite("Which version stands for the run")
struct SelectorTests {
    private func standing(
        _ mean: Double?, low: Double? = nil, cost: Double? = nil, latency: Double? = nil
    ) -> Selector.Standing {
        Selector.Standing(
            estimate: mean.map { mean in Estimate(mean: mean, interval: low.map { $0...1 }, cases: 9, method: "m") },
            cost: cost,
            latency: latency)
    }

    private func value(_ rule: Selector.Rule, _ standing: Selector.Standing, weight: Double = 0.1) -> Double? {
        Selector(rule, weight: weight).value(of: standing, first: self.standing(0.5, cost: 0.002, latency: 100))
    }

    @Test("by score, by the sure part of it, or less what it costs more")
    func rules() throws {
        #expect(value(.score, standing(0.7, low: 0.6)) == 0.7)
        #expect(value(.lowerBound, standing(0.7, low: 0.6)) == 0.6)
        #expect(abs(try #require(value(.cost, standing(0.7, cost: 0.004))) - 0.6) < 1e-12)
        #expect(abs(try #require(value(.cost, standing(0.7, cost: 0.001))) - 0.75) < 1e-12)
        #expect(abs(try #require(value(.latency, standing(0.7, latency: 300), weight: 0.05)) - 0.6) < 1e-12)
    }

    @Test("what is not known cannot be ranked by")
    func unknown() {
        #expect(value(.score, standing(nil)) == nil)
        #expect(value(.lowerBound, standing(0.7)) == nil)
        #expect(value(.cost, standing(0.7)) == nil)
        #expect(value(.latency, standing(0.7)) == nil)
    }

    @Test("the default is what the loop arrived at")
    func standard() { #expect(Selector().rule == .incumbent) }
}
