import EdisonCore
import EdisonExperiments
import EdisonPrompts
import Testing

@Suite("The edits of a proposal")
struct EditTests {
    private let parent = PromptContent(
        text: "Answer the customer.\nBe kind. Be kind.\n{{message}}", systemText: "You help.")

    private var guardian: ProposalGuard {
        ProposalGuard(goal: Sample.goal, rubric: Sample.rubric, settings: LoopSettings(), cases: [], seed: parent)
    }

    private func edit(_ find: String, _ replace: String, _ target: EditTarget = .prompt) -> ProposedEdit {
        ProposedEdit(target: target, find: find, replace: replace, claim: "")
    }

    private func fault(_ edits: ProposedEdit...) -> String? {
        let fault = #expect(throws: ProposalFault.self) { try guardian.apply(edits, to: parent) }
        return fault?.description
    }

    @Test("what is found exactly once is replaced")
    func once() throws {
        let child = try guardian.apply([edit("the customer", "them warmly")], to: parent)
        #expect(child.text == "Answer them warmly.\nBe kind. Be kind.\n{{message}}")
        #expect(child.systemText == "You help.")
    }

    @Test("what is not found, or found twice, is refused with words that help to mend it")
    func notOnce() {
        #expect(fault(edit("the costumer", "them"))?.contains("does not occur") == true)
        #expect(fault(edit("Be kind.", "Be warm."))?.contains("2 times") == true)
        #expect(fault(edit("the customer", "them"), edit("nowhere", "x"))?.contains("edit 2") == true)
    }

    @Test("places that overlap count as two")
    func overlapping() throws {
        let parent = PromptContent(text: "xaaax")
        #expect(throws: ProposalFault.self) { try guardian.apply([edit("aa", "b")], to: parent) }
        #expect(try guardian.apply([edit("aaa", "b")], to: parent).text == "xbx")
    }

    @Test("later edits are applied to what earlier ones left")
    func sequence() throws {
        let child = try guardian.apply([edit("the customer", "them"), edit("Answer them", "Help them")], to: parent)
        #expect(child.text.hasPrefix("Help them."))
        let system = try guardian.apply([edit("help", "help gladly", .systemPrompt)], to: parent)
        #expect(system.systemText == "You help gladly.")
        #expect(system.text == parent.text)
    }

    @Test(
        "an empty find appends after exactly one line break",
        arguments: ["End", "End\n", "End\n\n", "End\r\n"], ["Rule", "\nRule", "\n\nRule"])
    func append(_ text: String, _ addition: String) throws {
        let child = try guardian.apply([edit("", addition)], to: PromptContent(text: text))
        #expect(Array(child.text.utf8) == Array("End\nRule".utf8))
    }

    @Test("an empty find on an empty target sets it")
    func appendToNothing() throws {
        let child = try guardian.apply([edit("", "You help.", .systemPrompt)], to: PromptContent(text: "{{x}}"))
        #expect(child.systemText == "You help.")
    }

    @Test("the escape of closing tags is undone when the literal passage is not there")
    func escapes() throws {
        let parent = PromptContent(text: "Write <b>bold</b> and </goal> as they are. {{x}}")
        let child = try guardian.apply([edit("and &lt;/goal>", "and &lt;/rubric>")], to: parent)
        #expect(child.text == "Write <b>bold</b> and </rubric> as they are. {{x}}")
        let literal = PromptContent(text: "Write &lt;/goal> or </goal>. {{x}}")
        #expect(
            try guardian.apply([edit("&lt;/goal> or", "it, or")], to: literal).text == "Write it, or </goal>. {{x}}")
    }

    @Test("an edit that leaves nothing is refused")
    func emptied() {
        #expect(throws: ProposalFault.self) { try guardian.apply([edit("All", "")], to: PromptContent(text: "All")) }
    }

    @Test("the diff of every edit leads from parent to child")
    func diff() throws {
        let child = try guardian.apply(
            [edit("", "Rule: be brief."), edit("help", "help all", .systemPrompt)], to: parent)
        let diff = PromptDiff.unified(from: parent, to: child)
        #expect(diff.contains("+Rule: be brief."))
        #expect(diff.contains("-You help.\n"))
        #expect(diff.contains("+You help all.\n"))
    }

    private func proposal(_ answer: JSONValue) throws -> Proposal {
        try Proposal(answer: answer, parent: parent, guardian: guardian)
    }

    private func child(_ answer: JSONValue) throws -> PromptContent {
        try guardian.apply(try proposal(answer).edits, to: parent)
    }

    @Test("search and replace with claims is read as it stands")
    func searchAndReplace() throws {
        let read = try proposal([
            "analysis": "x", "note": "Why.", "target_criteria": ["Quality"], "no_change": false,
            "edits": [["target": "system_prompt", "find": "help", "replace": "help all", "claim": "mends Quality"]],
        ])
        #expect(
            read.edits == [
                ProposedEdit(target: .systemPrompt, find: "help", replace: "help all", claim: "mends Quality")
            ])
        #expect(read.note == "Why.")
        #expect(read.targetCriteria == ["Quality"])
        #expect(!read.isNoChange)
    }

    @Test("a refiner that sees only noise proposes nothing")
    func noChange() throws {
        let read = try proposal(["edits": [["target": "prompt", "find": "", "replace": "x"]], "no_change": true])
        #expect(read.isNoChange)
        #expect(read.edits.isEmpty)
    }

    @Test("a whole new prompt is turned into edits")
    func wholePrompt() throws {
        let text = "Help the customer.\nBe kind. Be kind.\n{{message}}\nRule: be brief."
        #expect(try child(["prompt": .string(text), "note": "Rewritten."]).text == text)
    }

    @Test("each change of a whole new prompt can stand or fall alone")
    func wholePromptInPieces() throws {
        let text = "Help the customer.\nBe kind. Be kind.\n{{message}}\nRule: be brief."
        let edits = try proposal(["prompt": .string(text)]).edits
        #expect(edits.count == 2)
        for edit in edits { #expect(throws: Never.self) { try guardian.apply([edit], to: parent) } }
    }

    @Test("a unified diff is turned into edits")
    func unifiedDiff() throws {
        let diff = """
            --- a/prompt.txt
            +++ b/prompt.txt
            @@ -1,3 +1,4 @@
            -Answer the customer.
            +Help the customer.
             Be kind. Be kind.
             {{message}}
            +Rule: be brief.
            """
        let text = "Help the customer.\nBe kind. Be kind.\n{{message}}\nRule: be brief."
        #expect(try child(["diff": .string(diff), "note": "A diff."]).text == text)
    }
}
