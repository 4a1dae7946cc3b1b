import EdisonCore
import EdisonDatasets
import EdisonExperiments
import Testing

@Suite("The map of cases")
struct CoverageMapTests {
    private func testCase(_ tags: [String], _ difficulty: Int = 3, characters: Int = 10) -> TestCase {
        TestCase(
            id: IDSource.random.next(), input: ["q": .string(String(repeating: "x", count: characters))], tags: tags,
            difficulty: difficulty)
    }

    private func map(_ tags: [String] = ["a", "b"], seed: UInt64 = 1) -> CoverageMap {
        CoverageMap(tags: tags, criteria: ["Facts", "Story"], seed: seed)
    }

    private func place(_ tag: String, _ difficulty: Int, _ length: InputLength = .short) -> CoverageCell.Place {
        CoverageCell.Place(tag: tag, difficulty: difficulty, length: length)
    }

    @Test("a case lies in a cell for each of its tags that are known, by difficulty, length and failure")
    func cells() {
        var map = map()
        map.add(testCase(["a", "b", "strange"], 4, characters: 120), .measured(failure: "Story"))
        #expect(map.count(of: CoverageCell(place("a", 4, .medium), failure: "Story")) == 1)
        #expect(map.count(of: CoverageCell(place("b", 4, .medium), failure: "Story")) == 1)
        #expect(map.count(of: CoverageCell(place("a", 4, .medium), failure: nil)) == 0)
        #expect(map.places(of: testCase(["strange"])).isEmpty)
    }

    @Test("where the known cases have no tags, every case lies on the map")
    func untagged() {
        let map = map([])
        #expect(map.places(of: testCase(["anything"], 2)) == [place("", 2)])
    }

    @Test("a case fills a gap when one of its cells is empty; a cell that it shares is none, and nor is a strange tag")
    func gaps() {
        var map = map()
        map.add(testCase(["a"], 3), .measured(failure: nil))
        #expect(map.gaps(filledBy: testCase(["a"], 3), failure: nil).isEmpty)
        #expect(map.gaps(filledBy: testCase(["a", "b"], 3), failure: nil).map(\.place) == [place("b", 3)])
        #expect(map.gaps(filledBy: testCase(["a"], 3), failure: "Facts").count == 1)
        #expect(map.gaps(filledBy: testCase(["a"], 5), failure: nil).count == 1)
        #expect(map.gaps(filledBy: testCase(["strange"], 5), failure: nil).isEmpty)
    }

    @Test("a case that nobody has answered fills its place, and counts for no rate")
    func unmeasured() {
        var map = map(["a"])
        map.add(testCase(["a"], 3), .unmeasured)
        #expect(map.gaps(filledBy: testCase(["a"], 3), failure: nil).isEmpty)
        #expect(map.next(40).allSatisfy { $0.place != place("a", 3) || $0.failure != nil })
    }

    @Test("gaps and weak places are asked for in turn; gaps the hardest first, weak places by their rate of failures")
    func order() {
        var map = map(["a"])
        for _ in 0..<4 { map.add(testCase(["a"], 1), .measured(failure: "Facts")) }
        for _ in 0..<2 { map.add(testCase(["a"], 2), .measured(failure: "Story")) }
        for _ in 0..<6 { map.add(testCase(["a"], 2), .measured(failure: nil)) }
        let cells = map.next(2)
        #expect(cells[0].place.difficulty == 5, "a gap")
        #expect(cells[1] == CoverageCell(place("a", 1), failure: "Facts"), "5 of 6 against 3 of 10")
    }

    @Test("what was asked for steps back, so that in time every place has its turn")
    func turns() {
        var map = map(["a"])
        map.add(testCase(["a"], 1), .measured(failure: "Facts"))
        map.add(testCase(["a"], 2), .measured(failure: "Facts"))
        map.add(testCase(["a"], 2), .measured(failure: nil))
        let cells = map.next(30)
        let weak = cells.enumerated().filter { !$0.offset.isMultiple(of: 2) }.map(\.element.place.difficulty)
        #expect(Set(weak) == [1, 2] && weak[0] == 1 && weak.count { $0 == 1 } > weak.count { $0 == 2 })
        let gaps = cells.enumerated().filter { $0.offset.isMultiple(of: 2) }.map(\.element.place)
        // 15 places, two of which are known.
        #expect(Set(gaps).count == 13)
        #expect(gaps.prefix(3).allSatisfy { $0.difficulty == 5 })
    }

    @Test("where nothing fails, only gaps are asked for, with the criteria in turn")
    func nothingFails() {
        var map = map(["a"])
        map.add(testCase(["a"], 3), .measured(failure: nil))
        let cells = map.next(28)
        #expect(cells.allSatisfy { $0.place != place("a", 3) })
        #expect(Set(cells.map(\.failure)) == ["Facts", "Story"])
    }

    @Test("the same map and seed ask the same; another seed asks in another order")
    func deterministic() {
        func cells(_ seed: UInt64) -> [CoverageCell] {
            var map = map(["a", "b", "c"], seed: seed)
            for number in 0..<20 {
                map.add(
                    testCase([["a", "b", "c"][number % 3]], number % 5 + 1),
                    .measured(failure: number % 4 == 0 ? "Facts" : nil))
            }
            return map.next(12)
        }
        #expect(cells(1) == cells(1))
        #expect(Set([1, 2, 3].map(cells)).count == 3)
    }

    @Test(
        "neighbours are of the wanted tag first, then of like difficulty and length; each once, and in turn for each cell"
    )
    func neighbours() {
        let near = testCase(["a"], 5)
        let far = testCase(["a"], 1)
        let other = testCase(["b"], 5)
        let cells = [CoverageCell(place("a", 5), failure: nil), CoverageCell(place("b", 4), failure: nil)]
        let found = CaseNeighbours.nearest(to: cells, among: [far, other, near], count: 3, seed: 1)
        #expect(found.map(\.id) == [near.id, other.id, far.id])
        #expect(CaseNeighbours.nearest(to: cells, among: [near], count: 3, seed: 1).count == 1)
        #expect(CaseNeighbours.nearest(to: [], among: [near], count: 3, seed: 1).isEmpty)
    }
}
