import EdisonDatasets
import EdisonExperiments
import EdisonStatistics
import Testing

@Suite("Orders of cases")
struct CaseOrderTests {
    private let cases = Sample.cases(30)

    private func race(
        _ cases: [TestCase], seed: UInt64 = 1, iteration: Int = 1, avoiding: Set<String> = [], onlyFresh: Bool = false
    ) -> [RacePlace] {
        CaseOrder.race(cases, seed: seed, iteration: iteration, avoiding: avoiding, onlyFresh: onlyFresh)
    }

    /// Scores are no argument of the order; what is left to leak is the order in which cases arrive, and their ids.
    @Test("the order of a race follows from seed and content alone, not from ids or arrival")
    func contentAlone() {
        var draw = SplitMix64(seed: 3)
        let order = race(cases).map(\.testCase.key)
        for _ in 0..<20 {
            let again = Sample.cases(30).shuffled(using: &draw)
            #expect(race(again).map(\.testCase.key) == order)
        }
        #expect(Set(order).count == 30)
    }

    @Test("every iteration and every seed has an order of its own")
    func differentOrders() {
        let orders = Set(
            [(1, 1), (1, 2), (1, 3), (2, 1)].map { race(cases, seed: $0, iteration: $1).map(\.testCase.key) })
        #expect(orders.count == 4)
        #expect(orders.allSatisfy { $0 != cases.map(\.key) })
    }

    @Test("cases that did not accept the parent come first")
    func avoided() {
        let worn = Set(cases.prefix(12).map(\.key))
        let places = race(cases, avoiding: worn)
        #expect(places.count == 30)
        #expect(places.prefix(18).allSatisfy { !worn.contains($0.testCase.key) })
        #expect(places.suffix(12).allSatisfy { worn.contains($0.testCase.key) })
        #expect(places.allSatisfy { $0.replicate == 0 })
    }

    @Test("of the fresh cases those come first that the parent has been run on, each part in the order of the race")
    func measured() {
        let worn = Set(cases.prefix(5).map(\.key))
        let measured = Set(cases[3..<11].map(\.key))
        let places = CaseOrder.race(cases, seed: 1, iteration: 1, avoiding: worn, onlyFresh: false, measured: measured)
        let plain = race(cases, avoiding: worn)
        #expect(places.prefix(6).allSatisfy { measured.subtracting(worn).contains($0.testCase.key) })
        #expect(
            places.map(\.testCase.key)
                == plain.filter { measured.subtracting(worn).contains($0.testCase.key) }.map(\.testCase.key)
                + plain.filter { !measured.subtracting(worn).contains($0.testCase.key) }.map(\.testCase.key))
    }

    @Test("a version's first evidence is on cases that did not accept it, while there are enough")
    func freshEvidence() {
        let worn = Set(cases.prefix(12).map(\.key))
        let picked = CaseOrder.evidence(cases, avoiding: worn, count: 8, seed: 1, iteration: 2).map(\.key)
        #expect(Set(picked).count == 8)
        #expect(worn.isDisjoint(with: picked))
        let few = CaseOrder.evidence(Array(cases.prefix(15)), avoiding: worn, count: 8, seed: 1, iteration: 2)
        #expect(Set(few.map(\.key)).count == 8)
        #expect(few.prefix(3).allSatisfy { !worn.contains($0.key) })
        let later = CaseOrder.evidence(cases, avoiding: worn, count: 8, seed: 1, iteration: 3).map(\.key)
        #expect(Set(later) != Set(picked), "every incumbent has evidence of its own")
    }

    @Test("after two rounds without an acceptance a worn case counts only as a fresh replicate")
    func freshReplicates() {
        let worn = Set(cases.prefix(12).map(\.key))
        let places = race(cases, iteration: 5, avoiding: worn, onlyFresh: true)
        for place in places { #expect((place.replicate == 0) == !worn.contains(place.testCase.key)) }
        let later = race(cases, iteration: 6, avoiding: worn, onlyFresh: true)
        let replicates = Set((places + later).filter { worn.contains($0.testCase.key) }.map(\.replicate))
        #expect(replicates.count == 2, "what one round has drawn is not fresh in the next")
    }

    @Test("with few cases the same ones follow as fresh replicates, as many as a race may need")
    func extraReplicates() {
        let few = Array(cases.prefix(4))
        let places = CaseOrder.race(
            few, seed: 1, iteration: 2, avoiding: [few[0].key], onlyFresh: true, replicates: 2, atLeast: 15)
        #expect(places.count == 15)
        #expect(Set(places).count == 15, "no place twice")
        #expect(Set(places.prefix(4).map(\.testCase.key)).count == 4)
        #expect(places.dropFirst(4).allSatisfy { $0.replicate >= 2 }, "no replicate of the evidence")
        let next = CaseOrder.race(
            few, seed: 1, iteration: 3, avoiding: [], onlyFresh: false, replicates: 2, atLeast: 15)
        #expect(Set(places.dropFirst(4)).isDisjoint(with: next.dropFirst(4)), "fresh in every iteration")
        #expect(CaseOrder.race(cases, seed: 1, iteration: 2, avoiding: [], onlyFresh: false, atLeast: 15).count == 30)
        #expect(CaseOrder.race([], seed: 1, iteration: 2, avoiding: [], onlyFresh: false, atLeast: 15).isEmpty)
    }

    @Test("equal cases keep places of their own")
    func equalCases() {
        let twins = [Sample.testCase("The same"), Sample.testCase("The same")].preparedForSplit()
        #expect(Set(race(twins).map(\.testCase.key)).count == 2)
    }

    @Test("evidence covers the tags evenly before it repeats one")
    func coverage() {
        let cases = (0..<40).map {
            Sample.testCase(Sample.message($0), tags: [$0 < 34 ? "often" : $0 < 37 ? "seldom" : "rare"])
        }
        let picked = CaseOrder.coverage(cases, taken: [], count: 9, seed: 1)
        let counts = Dictionary(grouping: picked.flatMap(\.tags), by: \.self).mapValues(\.count)
        #expect(counts == ["often": 3, "seldom": 3, "rare": 3])
    }

    @Test("evidence that was taken counts as covered, and is not taken again")
    func coverageGoesOn() {
        let cases = (0..<20).map { Sample.testCase(Sample.message($0), tags: [$0 < 10 ? "a" : "b"]) }
        let taken = Array(cases.prefix(3))
        let picked = CaseOrder.coverage(cases, taken: taken, count: 3, seed: 1)
        #expect(picked.allSatisfy { $0.tags == ["b"] })
        let all = CaseOrder.coverage(cases, taken: taken, count: 100, seed: 1)
        #expect(Set(all.map(\.key)) == Set(cases.dropFirst(3).map(\.key)))
    }

    @Test("the evidence of a later iteration begins with that of the earlier ones")
    func coverageGrows() {
        let early = CaseOrder.coverage(cases, taken: [], count: 8, seed: 1).map(\.key)
        let late = CaseOrder.coverage(cases.reversed(), taken: [], count: 11, seed: 1).map(\.key)
        #expect(Array(late.prefix(8)) == early)
    }
}
