import EdisonCore
import EdisonDatasets
import EdisonExperiments
import EdisonStatistics
import Testing

@Suite("Which cases the evidence grows by, and what each stands for")
struct AllocationTests {
    /// So many cases of each tag.
    private func cases(_ counts: [(tag: String, count: Int)]) -> [TestCase] {
        var index = 0
        return counts.flatMap { tag, count in
            (0..<count).map { _ -> TestCase in
                index += 1
                return Sample.testCase(Sample.message(index), tags: [tag])
            }
        }
    }

    private func first(_ count: Int, of tag: String, in cases: [TestCase]) -> [TestCase] {
        Array(cases.filter { $0.tags == [tag] }.prefix(count))
    }

    @Test("new cases go where scores spread, not where they agree")
    func spread() {
        let search = cases([("calm", 20), ("wild", 20)])
        let taken = first(4, of: "calm", in: search) + first(4, of: "wild", in: search)
        let values = [0.5, 0.5, 0.5, 0.5, 0.0, 1.0, 0.0, 1.0]
        let scores = Dictionary(zip(taken.map(\.key), values), uniquingKeysWith: { first, _ in first })
        let fresh = EvidenceAllocation.next(search, taken: taken, scores: scores, count: 3, seed: 1)
        #expect(fresh.map(\.tags) == [["wild"], ["wild"], ["wild"]])
    }

    /// Neyman: cases in proportion to share × standard deviation, here 3 : 1 by share alone.
    @Test("at equal spread the shares decide")
    func shares() {
        let search = cases([("common", 60), ("rare", 20)])
        let taken = first(2, of: "common", in: search) + first(2, of: "rare", in: search)
        let fresh = EvidenceAllocation.next(search, taken: taken, scores: [:], count: 12, seed: 1)
        let common = taken.count { $0.tags == ["common"] } + fresh.count { $0.tags == ["common"] }
        #expect(common == 12, "of 16")
    }

    @Test("a tag with fewer than two cases comes first, whatever its share")
    func fewest() {
        let search = cases([("common", 40), ("rare", 4), ("unseen", 2)])
        let taken = first(6, of: "common", in: search) + first(1, of: "rare", in: search)
        let fresh = EvidenceAllocation.next(search, taken: taken, scores: [:], count: 3, seed: 1)
        #expect(fresh.map(\.tags) == [["unseen"], ["rare"], ["unseen"]])
    }

    @Test("no case is taken twice, and none is left when all are asked for")
    func exhausted() {
        let search = cases([("a", 5), ("b", 3)])
        let taken = first(2, of: "a", in: search)
        let fresh = EvidenceAllocation.next(search, taken: taken, scores: [:], count: 100, seed: 1)
        #expect(Set((taken + fresh).map(\.key)).count == 8)
        #expect(fresh.count == 6)
    }

    @Test("the draw follows from seed and content, not from ids or arrival")
    func contentAlone() {
        let search = cases([("a", 9), ("b", 9)])
        let same = search.reversed().map { Sample.testCase($0.input["message"]?.string ?? "", tags: $0.tags) }
        func picked(_ cases: [TestCase], seed: UInt64) -> [String] {
            EvidenceAllocation.next(cases, taken: [], scores: [:], count: 6, seed: seed).map(\.key)
        }
        #expect(picked(search, seed: 1) == picked(same, seed: 1))
        #expect(picked(search, seed: 1) != picked(search, seed: 2))
    }

    @Test("a case stands for its tag's share of the search cases; with all of them each stands for itself")
    func weights() {
        let search = cases([("common", 30), ("rare", 10)])
        let sample = first(4, of: "common", in: search) + first(4, of: "rare", in: search)
        let weights = CaseWeights(of: sample, standingFor: search)
        #expect(weights[sample[0]] == 1.5)
        #expect(weights[sample[7]] == 0.5)
        #expect(!weights.isEqual)
        #expect(CaseWeights(of: search, standingFor: search).isEqual)
        #expect(CaseWeights.equal[sample[0]] == 1)
    }

    /// The mean over the search cases is what a figure of the loop means, however the evidence was picked.
    @Test("the weighted mean of an uneven sample is the mean of the whole, the plain one is not")
    func unbiased() throws {
        let search = cases([("good", 30), ("bad", 10)])
        func score(_ testCase: TestCase) -> Double { testCase.tags == ["good"] ? 0.8 : 0.2 }
        let sample = first(5, of: "good", in: search) + first(5, of: "bad", in: search)
        let weights = CaseWeights(of: sample, standingFor: search)
        let weighted = CaseStatistics.estimate(
            weighted: sample.map { [.init(score($0), weight: weights[$0])] }, seed: 1)
        let plain = CaseStatistics.estimate(values: sample.map { [score($0)] }, seed: 1)
        #expect(abs(try #require(weighted).mean - 0.65) < 1e-12)
        #expect(abs(try #require(plain).mean - 0.5) < 1e-12)
    }
}
