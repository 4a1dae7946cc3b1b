import EdisonExperiments
import Testing

@Suite("Which generated cases are kept")
struct CaseVerdictTests {
    private let bar = FailureBar(scores: [0.6, 0.8, 1.0], least: 0.02)

    @Test("an answer fails that is more than a standard deviation below the mean on known cases")
    func deviation() throws {
        let bar = try #require(bar)
        #expect(abs(bar.mean - 0.8) < 1e-12)
        #expect(abs(bar.value - 0.6) < 1e-12)
    }

    @Test("where known cases score alike, at least the gain that matters must be lost")
    func margin() throws {
        let bar = try #require(FailureBar(scores: [1, 1, 1], least: 0.02))
        #expect(bar.value == 0.98)
        #expect(verdict(0.99, bar) == .rejected(.tooEasy))
        #expect(verdict(0.97, bar) == .kept(.fails))
    }

    @Test("fewer than two scores say nothing of what is usual")
    func fewest() {
        #expect(FailureBar(scores: [], least: 0.02) == nil)
        #expect(FailureBar(scores: [0.5], least: 0.02) == nil)
    }

    private func verdict(
        _ score: Double?, _ bar: FailureBar, hasGateFailed: Bool = false, fillsGap: Bool = false
    ) -> CaseVerdict {
        CaseVerdict.of(score: score, hasGateFailed: hasGateFailed, bar: bar, fillsGap: fillsGap)
    }

    @Test("kept is what fails, what fails a gate, and what fills a gap; never what nobody could judge")
    func rule() throws {
        let bar = try #require(bar)
        #expect(verdict(0.5, bar) == .kept(.fails))
        #expect(verdict(0.5, bar, fillsGap: true) == .kept(.fails))
        #expect(verdict(bar.value, bar) == .rejected(.tooEasy), "at the bar is not below it")
        #expect(verdict(0.9, bar) == .rejected(.tooEasy))
        #expect(verdict(0.9, bar, fillsGap: true) == .kept(.gap))
        #expect(verdict(0.9, bar, hasGateFailed: true) == .kept(.fails))
        #expect(verdict(nil, bar, hasGateFailed: true, fillsGap: true) == .rejected(.notJudged))
    }
}
