import EdisonCore
import EdisonExperiments
import EdisonPrompts
import Testing

@Suite("The pool of alternates")
struct AlternatePoolTests {
    private let facets = [
        "a1": ["tag:a"], "a2": ["tag:a"], "b1": ["tag:b"], "b2": ["tag:b"], "c1": ["tag:c"],
    ]

    private func member(_ scores: [String: Double]) -> AlternatePool.Member {
        AlternatePool.Member(id: IDSource.random.next(), scores: scores)
    }

    private func kept(
        _ alternates: [AlternatePool.Member], incumbent: AlternatePool.Member, limit: Int = 4
    ) -> [PromptVersion.ID] {
        AlternatePool.kept(alternates, incumbent: incumbent, facets: facets, limit: limit)
    }

    @Test("a version that another one outdoes everywhere goes; one that is best at something stays")
    func dominated() {
        let incumbent = member(["a1": 0.8, "a2": 0.8, "b1": 0.6, "b2": 0.6])
        let worse = member(["a1": 0.7, "a2": 0.8, "b1": 0.6, "b2": 0.6])
        let special = member(["a1": 0.5, "a2": 0.5, "b1": 0.7, "b2": 0.7])
        #expect(kept([worse, special], incumbent: incumbent) == [special.id])
    }

    @Test("a single case does not make a strength, where noise would keep everything")
    func singleCases() {
        let incumbent = member(["a1": 0.8, "a2": 0.8, "c1": 0.1])
        let lucky = member(["a1": 0.7, "a2": 0.7, "c1": 1.0])
        #expect(kept([lucky], incumbent: incumbent).isEmpty)
        let uneven = member(["a1": 1.0, "a2": 0.5])
        #expect(kept([uneven], incumbent: incumbent).isEmpty, "0.75 against 0.8 on the tag")
    }

    @Test("versions without common cases cannot be told apart, equal ones are both kept")
    func incomparable() {
        let incumbent = member(["a1": 0.8, "a2": 0.8])
        let elsewhere = member(["b1": 0.1, "b2": 0.1])
        let twin = member(["a1": 0.8, "a2": 0.8])
        #expect(kept([elsewhere, twin], incumbent: incumbent) == [elsewhere.id, twin.id])
    }

    @Test("of more than the pool holds, the newest stay")
    func limit() {
        let members = (0..<6).map { _ in member([:]) }
        #expect(kept(members, incumbent: member([:]), limit: 4) == members.suffix(4).map(\.id))
    }
}
