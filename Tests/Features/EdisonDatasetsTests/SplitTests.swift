import EdisonCore
import EdisonDatasets
import EdisonTestKit
import Testing

@Suite("The split of cases")
struct SplitTests {
    private func testCase(_ index: Int, tags: [String] = [], cluster: String? = nil, kind: DatasetKind = .golden)
        -> TestCase
    {
        TestCase(
            id: IDSource.random.next(), input: ["message": .string("question \(index)")], tags: tags, cluster: cluster,
            kind: kind)
    }

    private func split(
        _ cases: [TestCase], holdout: Double? = nil, reserve: Double? = nil, seed: UInt64 = 1
    ) -> [TestCase.ID: Split] {
        let clusters = Set(cases.map(\.clusterKey)).count
        let shares = SplitShares.standard(clusters: clusters, holdout: holdout, reserve: reserve)
        return CaseSplitter.split(cases, shares: shares, seed: seed)
    }

    private func counts(_ cases: [TestCase], _ splits: [TestCase.ID: Split]) -> [Int] {
        Split.allCases.map { split in cases.count { splits[$0.id] == split } }
    }

    @Test("a quarter is held out and 15 % kept in reserve; under forty clusters half is held out and nothing kept")
    func shares() {
        #expect(
            SplitShares.standard(clusters: 40, holdout: nil, reserve: nil) == SplitShares(holdout: 0.25, reserve: 0.15))
        #expect(SplitShares.standard(clusters: 39, holdout: nil, reserve: nil) == SplitShares(holdout: 0.5, reserve: 0))
        #expect(
            SplitShares.standard(clusters: 1_000, holdout: nil, reserve: nil)
                == SplitShares(holdout: 0.25, reserve: 0.15))
    }

    @Test("given values always win")
    func given() {
        #expect(
            SplitShares.standard(clusters: 10, holdout: 0.3, reserve: 0.1) == SplitShares(holdout: 0.3, reserve: 0.1))
        #expect(SplitShares.standard(clusters: 10, holdout: 0, reserve: nil) == SplitShares(holdout: 0, reserve: 0))
        #expect(SplitShares.standard(clusters: 100, holdout: nil, reserve: 0) == SplitShares(holdout: 0.25, reserve: 0))
        #expect(
            SplitShares.standard(clusters: 100, holdout: 0.4, reserve: nil) == SplitShares(holdout: 0.4, reserve: 0.15))
    }

    @Test(
        "the numbers are those of the shares",
        arguments: [(80, [48, 20, 12]), (40, [24, 10, 6]), (39, [19, 20, 0]), (20, [10, 10, 0])])
    func numbers(_ count: Int, _ expected: [Int]) {
        let cases = (0..<count).map { testCase($0) }
        #expect(counts(cases, split(cases)) == expected)
    }

    @Test("without a share nothing is kept away, and there is always something to search on")
    func extremes() {
        let cases = (0..<20).map { testCase($0) }
        #expect(counts(cases, split(cases, holdout: 0, reserve: 0)) == [20, 0, 0])
        #expect(counts(cases, split(cases, holdout: 0.9, reserve: 0)) == [2, 18, 0])
        let one = [testCase(0)]
        #expect(counts(one, split(one)) == [1, 0, 0])
        #expect(split([]).isEmpty)
    }

    @Test("the same seed gives the same split, whatever ids and order of the cases")
    func reproducible() {
        let cases = (0..<60).map { testCase($0, tags: ["t\($0 % 3)"]) }
        func byKey(_ cases: [TestCase], seed: UInt64 = 1) -> [String: Split] {
            let splits = split(cases, seed: seed)
            return Dictionary(cases.map { ($0.key, splits[$0.id] ?? .search) }, uniquingKeysWith: { first, _ in first })
        }
        let first = byKey(cases)
        for round in 0..<10 {
            var draw = SeededGenerator(round)
            let others = (0..<60).map { testCase($0, tags: ["t\($0 % 3)"]) }.shuffled(using: &draw)
            #expect(byKey(others) == first)
        }
        #expect(byKey(cases, seed: 2) != first)
    }

    @Test("a cluster is never torn apart")
    func clusters() {
        for round in 0..<100 {
            var draw = SeededGenerator(round)
            let cases = (0..<Int.random(in: 1...120, using: &draw)).map { index in
                let tag = ["a", "b", "c"].randomElement(using: &draw) ?? "a"
                return testCase(
                    index, tags: [tag],
                    cluster: Bool.random(using: &draw) ? "c\(Int.random(in: 0..<12, using: &draw))" : nil)
            }
            let splits = split(cases)
            #expect(splits.count == cases.count)
            for (_, members) in Dictionary(grouping: cases, by: \.clusterKey) {
                #expect(Set(members.compactMap { splits[$0.id] }).count == 1, "round \(round)")
            }
        }
    }

    @Test("shares count clusters, not cases")
    func clusterShares() {
        let cases = (0..<400).map { testCase($0, cluster: "c\($0 / 10)") }
        #expect(counts(cases, split(cases)) == [240, 100, 60])
        let few = (0..<390).map { testCase($0, cluster: "c\($0 / 10)") }
        #expect(counts(few, split(few)) == [190, 200, 0], "39 clusters, however many cases")
    }

    @Test("each tag has its share of the hold-out, and of the reserve")
    func strata() {
        for round in 0..<50 {
            var draw = SeededGenerator(round)
            let tags = ["a", "b", "c", "d", "e"]
            let cases = (0..<Int.random(in: 60...160, using: &draw)).map {
                testCase($0, tags: [tags.randomElement(using: &draw) ?? "a"])
            }
            let splits = split(cases, seed: UInt64(round))
            for tag in tags {
                let members = cases.filter { $0.tags == [tag] }
                let heldOut = Double(members.count { splits[$0.id] == .holdout })
                let reserved = Double(members.count { splits[$0.id] == .reserve })
                #expect(abs(heldOut - 0.25 * Double(members.count)) <= 1.5, "hold-out of \(tag), round \(round)")
                #expect(abs(reserved - 0.15 * Double(members.count)) <= 2, "reserve of \(tag), round \(round)")
            }
        }
    }

    @Test("adversarial cases follow the same rule as all others")
    func adversarial() {
        let all = (0..<80).map { testCase($0, kind: .adversarial) }
        #expect(counts(all, split(all)) == [48, 20, 12])
        let mixed = (0..<80).map { testCase($0, kind: $0 % 4 == 0 ? .adversarial : .golden) }
        #expect(counts(mixed, split(mixed)) == [48, 20, 12])
        let splits = split(mixed)
        #expect(mixed.contains { $0.kind == .adversarial && splits[$0.id] == .holdout })
        #expect(mixed.contains { $0.kind == .adversarial && splits[$0.id] == .search })
    }

    @Test("cases of one input never stand on two sides, whatever the white space in it")
    func equalCases() {
        let same = (0..<40).map { _ in testCase(0) }.preparedForSplit()
        #expect(counts(same, split(same)) == [40, 0, 0])
        let twice = (0..<120).map { testCase($0 / 2) }.preparedForSplit()
        for seed in 1...20 {
            let splits = split(twice, seed: UInt64(seed))
            #expect(counts(twice, splits)[1] > 0)
            for pair in stride(from: 0, to: twice.count, by: 2) {
                #expect(splits[twice[pair].id] == splits[twice[pair + 1].id])
            }
        }
    }

    @Test("a cluster that the author named is kept, and equal cases keep numbers of their own")
    func namedClusters() {
        let cases = [testCase(0, cluster: "a"), testCase(0, cluster: "b"), testCase(0), testCase(0), testCase(1)]
            .preparedForSplit()
        #expect(cases.map(\.cluster).prefix(2) == ["a", "b"])
        #expect(cases[2].cluster == "a" && cases[3].cluster == "a", "beside the first of its input")
        #expect(cases[4].cluster == nil)
        #expect(cases.map(\.occurrence) == [0, 0, 1, 2, 0])
    }
}
