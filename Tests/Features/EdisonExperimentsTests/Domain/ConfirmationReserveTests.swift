import EdisonCore
import EdisonExperiments
import Testing

@Suite("What a limit keeps for the test at the end")
struct ConfirmationReserveTests {
    /// 200 of the limit are used; another iteration may take 100, the test takes 70 to 80.
    private func reserve(
        _ limits: [StopReason: Double], test: [StopReason: CostRange] = [.calls: range(70, 80)]
    ) -> ConfirmationReserve {
        ConfirmationReserve(
            limits: limits, used: [.calls: 200, .budget: 1], iteration: [.calls: 100, .budget: 0.5], test: test)
    }

    private static func range(_ least: Double, _ most: Double) -> CostRange {
        // Two calls of each size: never beyond the smallest and the largest.
        CostRange(of: 1, like: [least, most, least, most])
    }

    @Test("a search ends when the rest pays for the test, and not for another iteration as well")
    func ends() {
        #expect(reserve([.calls: 380]).limitReached == nil, "180 left: an iteration of 100 and a test of 80")
        #expect(reserve([.calls: 379]).limitReached == .calls)
        #expect(reserve([.calls: 270]).limitReached == .calls, "just a test that takes little")
        #expect(reserve([.calls: 270]).unpayable == nil)
    }

    @Test("what cannot pay for the test is left to the search, and the test does not begin")
    func tooLittle() {
        #expect(reserve([.calls: 269]).limitReached == nil)
        #expect(reserve([.calls: 269]).unpayable == .calls)
    }

    @Test("nothing is kept under one limit for a test that another limit cannot pay")
    func otherLimit() {
        let both: [StopReason: CostRange] = [.calls: Self.range(70, 80), .budget: Self.range(0.2, 0.2)]
        #expect(reserve([.calls: 300, .budget: 1.3], test: both).limitReached == .calls)
        #expect(reserve([.calls: 300, .budget: 1.1], test: both).limitReached == nil)
        #expect(reserve([.calls: 300, .budget: 1.1], test: both).unpayable == .budget)
    }

    @Test("what one more finalist would take counts for an iteration, and not against the test as it stands")
    func grows() {
        func reserve(_ limit: Double) -> ConfirmationReserve {
            ConfirmationReserve(
                limits: [.calls: limit], used: [.calls: 200], iteration: [.calls: 100],
                test: [.calls: Self.range(70, 80)], laterTest: [.calls: Self.range(90, 100)])
        }
        #expect(reserve(400).limitReached == nil)
        #expect(reserve(399).limitReached == .calls)
        #expect(reserve(275).limitReached == .calls && reserve(275).unpayable == nil)
    }

    @Test("without a limit, and for a test that is paid, nothing is kept")
    func none() {
        #expect(reserve([:]).limitReached == nil)
        #expect(reserve([.calls: 200], test: [:]).unpayable == nil)
        #expect(reserve([.calls: 301], test: [:]).limitReached == nil)
        #expect(reserve([.calls: 299], test: [:]).limitReached == .calls, "what is proven need not be searched away")
    }
}
