import EdisonText
import Testing

@Suite struct MergePropertyTests {
    private static let rounds = 400

    @Test("what only one side changed is taken, and what both changed alike")
    func oneSided() throws {
        for round in 0..<Self.rounds {
            var random = RandomTexts(round: round)
            let base = random.text()
            let changed = random.chance(70) ? random.variant(of: base) : random.text()
            #expect(
                isSame(try ThreeWayMerge(base: base, ours: changed, theirs: base).cleanText, changed), "round \(round)")
            #expect(
                isSame(try ThreeWayMerge(base: base, ours: base, theirs: changed).cleanText, changed), "round \(round)")
            #expect(
                isSame(try ThreeWayMerge(base: base, ours: changed, theirs: changed).cleanText, changed),
                "round \(round)")
        }
    }

    @Test("the sides can be exchanged")
    func symmetry() throws {
        for round in 0..<Self.rounds {
            var random = RandomTexts(round: round)
            let base = random.text()
            let (ours, theirs) = (random.variant(of: base), random.variant(of: base))
            let merge = try ThreeWayMerge(base: base, ours: ours, theirs: theirs)
            let other = try ThreeWayMerge(base: base, ours: theirs, theirs: ours)
            #expect(merge.isClean == other.isClean, "round \(round)")
            #expect(isSame(merge.cleanText, other.cleanText), "round \(round)")
            #expect(isSame(merge.text(resolving: .ours), other.text(resolving: .theirs)), "round \(round)")
            #expect(merge.conflicts.count == other.conflicts.count, "round \(round)")
            #expect(merge.isClean == merge.conflicts.isEmpty, "round \(round)")
            for conflict in merge.conflicts { #expect(!isSame(conflict.ours, conflict.theirs), "round \(round)") }
            for style in ThreeWayMerge.MarkerStyle.allCases where merge.isClean {
                #expect(isSame(merge.marked(style), merge.cleanText), "round \(round)")
            }
        }
    }

    @Test("a conflict shows both sides and what stood there before, and can be decided")
    func conflict() throws {
        let merge = try ThreeWayMerge(base: "a\nb\nc\n", ours: "a\nours\nc\n", theirs: "a\ntheirs\nc\n")
        #expect(!merge.isClean && merge.cleanText == nil && merge.conflictCount == 1)
        #expect(merge.conflicts.map { [$0.base, $0.ours, $0.theirs] } == [["b\n", "ours\n", "theirs\n"]])
        #expect(merge.text(resolving: .ours) == "a\nours\nc\n")
        #expect(merge.text(resolving: .theirs) == "a\ntheirs\nc\n")
        #expect(merge.text(resolving: .union) == "a\nours\ntheirs\nc\n")
        let labels = ThreeWayMerge.Labels(ours: "main", base: "fork", theirs: "formal")
        #expect(
            merge.marked(.diff3, labels: labels)
                == "a\n<<<<<<< main\nours\n||||||| fork\nb\n=======\ntheirs\n>>>>>>> formal\nc\n")
    }

    @Test("binary content is refused by name")
    func binary() {
        #expect(throws: MergeError.binary(side: "theirs")) { try ThreeWayMerge(base: "a", ours: "b", theirs: "\0") }
    }
}
