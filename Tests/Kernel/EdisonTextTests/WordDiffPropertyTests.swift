import EdisonText
import Testing

@Suite struct WordDiffPropertyTests {
    @Test(
        "common and inserted parts are the new text, and what is shown as deleted was in the old one",
        arguments: WordDiff.Mode.allCases)
    func parts(mode: WordDiff.Mode) {
        for round in 0..<400 {
            var random = RandomTexts(round: round)
            let old = random.text()
            let new = random.variant(of: old)
            let diff = WordDiff(from: old, to: new, mode: mode)
            #expect(isSame(diff.parts.filter { $0.kind != .delete }.map(\.text).joined(), new), "round \(round)")
            let kept = diff.parts.filter { $0.kind != .insert }.map(\.text).joined()
            #expect(Self.letters(kept) == Self.letters(old), "round \(round)")
            #expect(diff.isEmpty == isSame(old, new), "round \(round)")
            let isWordless = diff.parts.allSatisfy { $0.kind == .equal }
            #expect(diff.changesWhiteSpaceOnly == (isWordless && !diff.isEmpty), "round \(round)")
            for (part, next) in zip(diff.parts, diff.parts.dropFirst()) {
                #expect(part.kind != next.kind, "round \(round)")
            }
        }
    }

    private static func letters(_ text: String) -> [Unicode.Scalar] {
        text.unicodeScalars.filter { !$0.properties.isWhitespace }
    }

    @Test(
        "the size of an edit counts Unicode scalars",
        arguments: [("a b", "a c", 4), ("", "", 0), ("x", "x  ", 0), ("", "日本", 2)])
    func size(old: String, new: String, changed: Int) {
        #expect(EditSize(from: old, to: new).changed == changed)
    }
}
