import EdisonCore
import EdisonExperiments
import EdisonPrompts
import Testing

@Suite("Edits of a prompt that is a conversation")
struct ConversationEditTests {
    private let chat = PromptContent(
        text: "",
        messages: [
            TemplateMessage(role: "user", text: "Hello, I am {{name}}."),
            TemplateMessage(role: "assistant", text: "How can I help?"),
            TemplateMessage(role: "user", text: "{{message}}"),
        ])

    private var guardian: ProposalGuard {
        ProposalGuard(
            goal: Sample.goal, rubric: Sample.rubric, settings: LoopSettings(),
            cases: [Sample.testCase("My blue bicycle lost its front wheel")], seed: chat)
    }

    private func child(_ find: String, _ replace: String) throws -> PromptContent {
        try guardian.apply([ProposedEdit(target: .prompt, find: find, replace: replace, claim: "")], to: chat)
    }

    @Test("a passage is replaced in the message that holds it")
    func replacing() throws {
        let child = try child("How can I help?", "What may I do for you?")
        #expect(child.text.isEmpty)
        #expect(child.messages.map(\.text) == ["Hello, I am {{name}}.", "What may I do for you?", "{{message}}"])
        #expect(child.messages.map(\.role) == ["user", "assistant", "user"])
    }

    @Test("an empty find appends to the last message")
    func appending() throws {
        let child = try child("", "Rule: be brief.")
        #expect(child.text.isEmpty)
        #expect(
            child.messages.map(\.text) == ["Hello, I am {{name}}.", "How can I help?", "{{message}}\nRule: be brief."])
    }

    @Test("a passage that stands in two messages is refused, and so is one that stands nowhere")
    func ambiguous() {
        #expect(throws: ProposalFault.self) { try child("I", "We") }
        #expect(throws: ProposalFault.self) { try child("How may I help?", "What?") }
    }

    @Test("the diff shows what changed")
    func diff() throws {
        let diff = PromptDiff.unified(from: chat, to: try child("How can I help?", "What may I do for you?"))
        #expect(diff.contains("-How can I help?"))
        #expect(diff.contains("+What may I do for you?"))
    }

    @Test(
        "the rules of proposals hold for messages, too",
        arguments: [
            String(repeating: " word", count: 60), " My blue bicycle lost its front wheel.", " In {{language}}.",
            " Be\u{7} kind.",
        ])
    func rules(_ addition: String) throws {
        let child = try child("How can I help?", "How can I help?" + addition)
        #expect(guardian.faults(from: chat, to: child).count == 1)
    }

    @Test("a small change of a message is allowed")
    func allowed() throws {
        #expect(guardian.faults(from: chat, to: try child("How can I help?", "How can I help you today?")).isEmpty)
    }
}
