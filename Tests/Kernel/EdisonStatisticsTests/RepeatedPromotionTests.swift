import EdisonStatistics
import Testing

/// What a run pays for a limit that is raised: each time another version may be tested on the same cases, against the
/// same answers of the first one.
@Suite struct RepeatedPromotionTests {
    @Test(
        "of runs that test four versions without any gain, about one in seven proves one; a single test, one in twenty")
    func repeated() {
        var random = Xoshiro256StarStar(seed: 28)
        let (runs, cases) = (2_000, 40)
        var proven = Array(repeating: 0, count: 4)
        for _ in 0..<runs {
            let first = (0..<cases).map { _ in random.standardNormal() }
            var isProven = false
            for test in proven.indices {
                let differences = first.map { [random.standardNormal() - $0] }
                isProven = isProven || PromotionTest(clusters: differences).isPromoted
                if isProven { proven[test] += 1 }
            }
        }
        let shares = proven.map { Double($0) / Double(runs) }
        // Three standard errors, at 2,000 runs, around the shares that stand in docs/concepts/loop.md.
        for (share, told) in zip(shares, [0.048, 0.084, 0.115, 0.14]) {
            #expect(abs(share - told) < 3 * (told * (1 - told) / Double(runs)).squareRoot(), "\(shares)")
        }
    }
}
