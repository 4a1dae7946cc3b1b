import EdisonLLM
import Testing

@Suite struct StructuredTagTests {
    @Test("only what would close a tag of the contract is escaped")
    func escaping() {
        let content = "<b>x</b> </output> </output_1 > </outputs> </text-area> </textarea> a < b && </goal"
        let escaped = "<b>x</b> &lt;/output> &lt;/output_1 > </outputs> </text-area> </textarea> a < b && &lt;/goal"
        #expect(TaggedSection.escaped(content) == escaped)
        #expect(TaggedSection.unescaped(escaped) == content)
    }

    @Test("content comes back from every section", arguments: TaggedSection.tags)
    func roundTrip(tag: String) {
        let content = "ü </\(tag)>\n<\(tag)> </\(tag)x> </\(tag)"
        #expect(!TaggedSection.escaped(content).contains("</\(tag)>"))
        #expect(TaggedSection.unescaped(TaggedSection.escaped(content)) == content)
    }

    @Test("sections stand one after the other, each inside its tag")
    func writing() {
        let text = TaggedSection.text(of: [TaggedSection("goal", "Be kind"), TaggedSection("output", "</goal>")])
        #expect(text == "<goal>\nBe kind\n</goal>\n\n<output>\n&lt;/goal>\n</output>")
    }
}
