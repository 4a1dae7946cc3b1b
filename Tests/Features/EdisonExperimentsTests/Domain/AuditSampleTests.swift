import EdisonDatasets
import EdisonExperiments
import Testing

@Suite("The audited share of the races")
struct AuditSampleTests {
    private func audited(_ cases: [TestCase], seed: UInt64 = 1, iteration: Int = 1, share: Double = 0.1) -> Set<String>
    {
        Set(
            cases.filter {
                AuditSample.contains(
                    RacePlace(testCase: $0, replicate: 0), seed: seed, iteration: iteration, share: share)
            }.map(\.key))
    }

    @Test("it is as large as asked for")
    func share() {
        let cases = Sample.cases(2_000)
        let count = audited(cases).count
        // Four standard deviations of a binomial with n = 2,000 and p = 0.1.
        #expect(abs(Double(count) - 200) < 54)
        #expect(audited(cases, share: 0).isEmpty)
        #expect(audited(cases, share: 1).count == 2_000)
    }

    @Test("it follows from seed, iteration and content")
    func reproducible() {
        let cases = Sample.cases(200)
        #expect(audited(cases) == audited(Sample.cases(200).reversed()))
        #expect(audited(cases) != audited(cases, iteration: 2))
        #expect(audited(cases) != audited(cases, seed: 2))
    }
}
