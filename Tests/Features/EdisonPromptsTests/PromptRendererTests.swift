import EdisonCore
import EdisonLLM
import EdisonPrompts
import Testing

@Suite("From a prompt and a case to messages")
struct PromptRendererTests {
    private func messages(_ content: PromptContent, _ input: JSONObject) throws -> [String] {
        try PromptRenderer.messages(content, input: input).map { "\($0.role.rawValue): \($0.text)" }
    }

    private func user(_ text: String, _ input: JSONObject) throws -> String {
        try PromptRenderer.messages(PromptContent(text: text), input: input).last?.text ?? ""
    }

    @Test("system text, examples, conversation and user turn stand in this order, all rendered")
    func order() throws {
        let content = PromptContent(
            text: "Now: {{message}}", systemText: "You speak {{language}}.",
            fewShots: [FewShot(user: "Hi {{name}}", assistant: "Hello {{name}}")],
            messages: [TemplateMessage(role: "assistant", text: "What may I do, {{name}}?")])
        let input: JSONObject = ["message": "help", "language": "German", "name": "Ada"]
        #expect(
            try messages(content, input) == [
                "system: You speak German.", "user: Hi Ada", "assistant: Hello Ada", "assistant: What may I do, Ada?",
                "user: Now: help",
            ])
    }

    @Test("a case's own conversation follows the prompt's, and is not rendered")
    func conversation() throws {
        let input: JSONObject = [
            "messages": [
                ["role": "user", "content": "Hi {{name}}"], ["role": "assistant", "content": "Yes?"],
                ["role": "user", "content": "Help"],
            ]
        ]
        #expect(
            try messages(PromptContent(text: "", systemText: "You chat."), input)
                == ["system: You chat.", "user: Hi {{name}}", "assistant: Yes?", "user: Help"])
        #expect(try messages(PromptContent(text: "Go on."), input).last == "user: Go on.")
    }

    @Test("a turn whose content is a list of parts keeps its texts")
    func parts() throws {
        let input: JSONObject = [
            "messages": [
                [
                    "role": "user",
                    "content": [["type": "text", "text": "Look at "], ["type": "text", "text": "this"]],
                ]
            ]
        ]
        #expect(try messages(PromptContent(text: ""), input) == ["user: Look at this"])
    }

    @Test("spaces in braces are allowed, and dots lead into objects")
    func names() throws {
        #expect(try user("{{ a }}{{a}}{{  a  }}", ["a": "x"]) == "xxx")
        #expect(
            try user(
                "{{customer.name}} of {{customer.city.name}}", ["customer": ["name": "Ada", "city": ["name": "Bern"]]])
                == "Ada of Bern")
    }

    @Test("objects and lists are JSON, other values their own text")
    func values() throws {
        let object: JSONValue = ["b": 1, "a": [true, nil]]
        #expect(try JSONValue(parsing: try user("{{o}}", ["o": object])) == object)
        #expect(try user("{{l}}", ["l": [1, "two"]]) == #"[1,"two"]"#)
        #expect(try user("{{n}} {{f}} {{t}}", ["n": 3, "f": 2.5, "t": true]) == "3 2.5 true")
    }

    @Test(
        "values are inserted as they are, and never read as templates",
        arguments: ["{{b}}", "{{{b}}}", "$&", "\\1", "<b>&amp;</b>", "{{#b}}", "%s", "}}"])
    func injection(_ value: String) throws {
        #expect(try user("[{{a}}]", ["a": .string(value), "b": "secret"]) == "[\(value)]")
    }

    @Test("all names that the case lacks are reported at once, from every part")
    func missing() {
        let content = PromptContent(
            text: "{{d}} {{known}} {{e}}", systemText: "{{a}}", fewShots: [FewShot(user: "{{b}}", assistant: "ok")],
            messages: [TemplateMessage(role: "user", text: "{{c}} {{a}}")])
        let error = #expect(throws: (any Error).self) { try PromptRenderer.messages(content, input: ["known": "x"]) }
        let words = error.map { "\($0)" } ?? ""
        for name in ["a", "b", "c", "d", "e"] { #expect(words.contains(name), "\(name)") }
        #expect(!words.contains("known,"))
    }

    @Test("a missing name inside an object is missing too")
    func missingInside() {
        #expect(throws: (any Error).self) { try user("{{customer.name}}", ["customer": ["city": "Bern"]]) }
        #expect(throws: (any Error).self) { try user("{{a}}", [:]) }
    }

    @Test("the variables of all parts are listed once, in reading order")
    func variables() throws {
        let content = PromptContent(
            text: "{{d}} {{a}}", systemText: "{{a}} {{b}}", fewShots: [FewShot(user: "{{c}}", assistant: "{{b}}")],
            messages: [TemplateMessage(role: "user", text: "{{e}}")])
        #expect(try PromptRenderer.variables(content) == ["a", "b", "c", "e", "d"])
        #expect(try PromptRenderer.variables(PromptContent(text: "none")).isEmpty)
        #expect(throws: (any Error).self) { try PromptRenderer.variables(PromptContent(text: "{{#a}}")) }
    }

    @Test("an empty system text is no message")
    func emptySystem() throws {
        #expect(try messages(PromptContent(text: "a", systemText: ""), [:]) == ["user: a"])
    }

    @Test("tools are read in the form of OpenAI, with or without their wrapping")
    func tools() {
        let parameters: JSONValue = ["type": "object", "properties": ["q": ["type": "string"]]]
        let content = PromptContent(
            text: "a",
            toolsSchema: [
                ["type": "function", "function": ["name": "find", "description": "Finds", "parameters": parameters]],
                ["name": "plain", "parameters": parameters], ["type": "function"], ["function": ["name": "bare"]],
            ])
        let tools = PromptRenderer.tools(content)
        #expect(tools.map(\.name) == ["find", "plain", "bare"])
        #expect(tools[0].description == "Finds")
        #expect(tools[0].parameters == parameters)
        #expect(tools[2].parameters == ["type": "object"])
        #expect(PromptRenderer.tools(PromptContent(text: "a")).isEmpty)
    }

    @Test("a conversation is shown with its roles")
    func shown() {
        #expect(PromptContent(text: "a").shownText == "a")
        let chat = PromptContent(
            text: "",
            messages: [TemplateMessage(role: "user", text: "Hi"), TemplateMessage(role: "assistant", text: "Yes?")])
        #expect(chat.shownText == "[user]\nHi\n\n[assistant]\nYes?")
    }
}
