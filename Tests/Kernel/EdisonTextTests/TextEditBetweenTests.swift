import EdisonText
import Testing

@Suite("Edits between two texts") struct TextEditBetweenTests {
    private func applied(_ edits: [TextEdit], to text: String) throws -> String {
        try edits.reduce(text) { text, edit in try edit.apply(to: text) }
    }

    @Test("places that lie apart become edits of their own, and each can be taken alone")
    func apart() throws {
        let old = "One.\nTwo.\nThree.\nFour.\nFive."
        let edits = TextEdit.between(old, "One!\nTwo.\nThree.\nFour.\nFive!")
        #expect(edits.count == 2)
        for edit in edits { #expect(throws: Never.self) { try edit.apply(to: old) } }
    }

    @Test("a line that stands several times is found by what stands around it")
    func repeated() throws {
        let old = "Be kind.\nA\nBe kind.\nB\nBe kind."
        let new = "Be kind.\nA\nBe very kind.\nB\nBe kind."
        #expect(try applied(TextEdit.between(old, new), to: old) == new)
    }

    @Test(
        "equal texts need no edit, unlike ones at least one",
        arguments: [("", "a"), ("a", ""), ("a\n", "a"), ("x", "y")])
    func ends(_ old: String, _ new: String) throws {
        #expect(TextEdit.between(old, old).isEmpty)
        #expect(!TextEdit.between(old, new).isEmpty)
    }

    @Test("applied in order the edits give the new text, whatever the texts")
    func random() throws {
        for seed in 0..<400 as Range<UInt64> {
            var texts = RandomTexts(round: Int(seed))
            let old = texts.text()
            let new = texts.variant(of: old)
            guard !old.isEmpty, new.contains(where: { !$0.isWhitespace }), old != new else { continue }
            #expect(try applied(TextEdit.between(old, new), to: old) == new, "seed \(seed)")
        }
    }
}
