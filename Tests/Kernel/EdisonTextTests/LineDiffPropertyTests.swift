import EdisonTestKit
import EdisonText
import Testing

@Suite struct LineDiffPropertyTests {
    private static let rounds = 400

    @Test("a written patch makes the new text from the old one, and the old one from the new")
    func roundTrip() throws {
        for round in 0..<Self.rounds {
            var random = RandomTexts(round: round)
            let old = random.text()
            let new = random.chance(70) ? random.variant(of: old) : random.text()
            let context = random.int(0...5)
            let diff = LineDiff(from: old, to: new)
            #expect(diff.isEmpty == isSame(old, new), "round \(round)")
            let written = diff.unified(context: context)
            #expect(written.isEmpty == diff.isEmpty, "round \(round)")
            if diff.isEmpty { continue }
            let options = PatchOptions(allowsZeroContext: context == 0)
            let patch = try Patch(parsing: written)
            #expect(patch == diff.patch(context: context), "round \(round)")
            #expect(isSame(patch.text, written), "round \(round)")
            #expect(isSame(try patch.apply(to: old, options: options), new), "round \(round): \(written)")
            #expect(isSame(try patch.reversed.apply(to: new, options: options), old), "round \(round): \(written)")
            #expect(patch.reversed.reversed == patch, "round \(round)")
            let repaired = try Patch(parsing: written, repairingCounts: true)
            #expect(isSame(try repaired.apply(to: old, options: options), new), "round \(round): \(written)")
            let fuzzy = PatchOptions(fuzz: 2, allowsZeroContext: context == 0)
            #expect(isSame(try patch.apply(to: old, options: fuzzy), new), "round \(round): \(written)")
        }
    }

    @Test("the script is a shortest one")
    func minimal() {
        for round in 0..<Self.rounds {
            var random = RandomTexts(round: round)
            let old = random.text()
            let new = random.chance(50) ? random.variant(of: old) : random.text()
            let diff = LineDiff(from: old, to: new)
            #expect(
                diff.addedCount + diff.deletedCount == Self.distance(Self.lines(old), Self.lines(new)), "round \(round)"
            )
        }
    }

    @Test("under a rule of white space the patch makes a text that the rule takes for the new one")
    func whiteSpace() throws {
        for round in 0..<Self.rounds {
            var random = RandomTexts(round: round)
            let old = random.text()
            let new = random.variant(of: old)
            for rule in WhiteSpaceRule.allCases {
                let diff = LineDiff(from: old, to: new, ignoring: rule)
                if diff.isEmpty { continue }
                let patch = try Patch(parsing: diff.unified())
                let result = try patch.apply(to: old, options: PatchOptions(ignoring: rule))
                #expect(LineDiff(from: result ?? "", to: new, ignoring: rule).isEmpty, "round \(round), \(rule)")
            }
        }
    }

    @Test("a patch finds its place in a text that has grown above it")
    func offset() throws {
        for round in 0..<Self.rounds {
            var random = RandomTexts(round: round)
            // Each line occurs once: where several places match, the nearest is right, and it may be another one.
            let old = (0..<random.int(4...20)).map { "line \($0)\n" }.joined()
            let new = random.variant(of: old)
            let patch = LineDiff(from: old, to: new).patch()
            guard let first = patch.hunks.first, first.oldStart > 1 else { continue }
            let preface = (0..<random.int(1...40)).map { "preface \($0)\n" }.joined()
            #expect(isSame(try patch.apply(to: preface + old), preface + new), "round \(round)")
        }
    }

    @Test("damaged patches give errors that say what to do, or texts, and never a crash")
    func damaged() {
        for round in 0..<1_500 {
            var random = RandomTexts(round: round)
            let old = random.text()
            let written = LineDiff(from: old, to: random.variant(of: old)).unified(context: random.int(0...3))
            let bytes = random.damaged(written)
            for repairs in [false, true] {
                do throws(PatchError) {
                    let patch = try Patch(parsing: bytes, repairingCounts: repairs)
                    for fuzz in [0, 2, 9] {
                        for allows in [false, true] {
                            let options = PatchOptions(
                                fuzz: fuzz, allowsZeroContext: allows, ignoring: random.element(WhiteSpaceRule.allCases)
                            )
                            do throws(PatchError) {
                                _ = try patch.apply(to: old, options: options)
                                _ = try patch.reversed.apply(to: old, options: options)
                            } catch { #expect(!error.reason.isEmpty) }
                        }
                    }
                } catch { #expect(!error.reason.isEmpty && !error.description.isEmpty) }
            }
        }
    }

    @Test(
        "two texts of 2,000 lines are compared in time, with nothing in common and in another order",
        .timeLimit(.minutes(5)))
    func large() throws {
        var generator = SeededGenerator(1)
        let lines = (0..<2_000).map { "line \($0)\n" }
        let old = lines.joined()
        let other = LineDiff(from: old, to: lines.map { "other \($0)" }.joined())
        #expect(other.addedCount == 2_000 && other.deletedCount == 2_000)
        let shuffled = lines.shuffled(using: &generator).joined()
        let diff = LineDiff(from: old, to: shuffled)
        #expect(diff.addedCount == diff.deletedCount && diff.addedCount > 1_000)
        #expect(isSame(try diff.patch().apply(to: old), shuffled))
    }

    private static func lines(_ text: String) -> [[UInt8]] {
        var lines: [[UInt8]] = [[]]
        for byte in text.utf8 {
            lines[lines.count - 1].append(byte)
            if byte == 0x0A { lines.append([]) }
        }
        return lines.last == [] ? lines.dropLast() : lines
    }

    /// Insertions and deletions of a shortest script, by the textbook table.
    private static func distance(_ old: [[UInt8]], _ new: [[UInt8]]) -> Int {
        var row = Array(0...new.count)
        for (i, line) in old.enumerated() {
            var next = [i + 1]
            for (j, other) in new.enumerated() {
                next.append(line == other ? row[j] : min(row[j + 1], next[j]) + 1)
            }
            row = next
        }
        return row[new.count]
    }
}
