import EdisonCore
import EdisonPrompts
import Testing

@Suite("The content of a prompt version")
struct PromptContentTests {
    private static let whole = PromptContent(
        text: "Answer {{message}}", systemText: "You help.", fewShots: [FewShot(user: "Hi", assistant: "Hello")],
        messages: [TemplateMessage(role: "assistant", text: "How can I help?")],
        toolsSchema: [["type": "function", "function": ["name": "find", "parameters": ["type": "object"]]]])

    @Test("the hash covers every part")
    func hash() {
        let changes: [(inout PromptContent) -> Void] = [
            { $0.text += " " }, { $0.systemText = "You help!" }, { $0.systemText = nil },
            { $0.fewShots[0].user = "Ho" },
            { $0.fewShots[0].assistant = "Ho" }, { $0.fewShots = [] }, { $0.fewShots.append($0.fewShots[0]) },
            { $0.messages[0].role = "user" }, { $0.messages[0].text = "How?" }, { $0.messages = [] },
            { $0.toolsSchema = nil },
            {
                $0.toolsSchema = [
                    ["type": "function", "function": ["name": "search", "parameters": ["type": "object"]]]
                ]
            },
        ]
        var hashes: Set<ContentHash> = [Self.whole.versionHash]
        for change in changes {
            var changed = Self.whole
            change(&changed)
            hashes.insert(changed.versionHash)
        }
        #expect(hashes.count == changes.count + 1)
    }

    @Test("parts cannot be taken for one another")
    func parts() {
        let contents = [
            PromptContent(text: "a"), PromptContent(text: "", systemText: "a"),
            PromptContent(text: "", messages: [TemplateMessage(role: "user", text: "a")]),
            PromptContent(text: "", messages: [TemplateMessage(role: "a", text: "user")]),
            PromptContent(text: "", fewShots: [FewShot(user: "a", assistant: "")]),
            PromptContent(text: "", fewShots: [FewShot(user: "", assistant: "a")]),
        ]
        #expect(Set(contents.map(\.versionHash)).count == contents.count)
    }

    @Test("the order of keys in tools is no part of the hash, that of few shots is")
    func canonical() {
        var other = Self.whole
        other.toolsSchema = [["function": ["parameters": ["type": "object"], "name": "find"], "type": "function"]]
        #expect(other.versionHash == Self.whole.versionHash)
        var shots = Self.whole
        shots.fewShots = [FewShot(user: "1", assistant: "1"), FewShot(user: "2", assistant: "2")]
        var reversed = shots
        reversed.fewShots.reverse()
        #expect(shots.versionHash != reversed.versionHash)
    }

    @Test("texts that look alike have different hashes")
    func bytes() {
        #expect(PromptContent(text: "caf\u{E9}").versionHash != PromptContent(text: "cafe\u{301}").versionHash)
        #expect(PromptContent(text: "a\n").versionHash != PromptContent(text: "a\r\n").versionHash)
    }

    @Test("the hash of a known content stays what it is, so that stored ones are found again")
    func knownHash() {
        #expect(PromptContent(text: "Answer {{message}}").json.text(.canonical) == #"{"text":"Answer {{message}}"}"#)
        #expect(
            PromptContent(text: "Answer {{message}}").versionHash.text
                == ContentHash(of: #"{"text":"Answer {{message}}"}"#).text)
    }

    @Test(
        "it is read back from JSON as it was",
        arguments: [whole, PromptContent(text: ""), PromptContent(text: "a\u{0}\"b\\")])
    func json(_ content: PromptContent) throws {
        #expect(PromptContent(json: content.json) == content)
        #expect(PromptContent(json: try JSONValue(parsing: content.json.text())) == content)
    }

    @Test("edits name the prompt or its system text")
    func targets() {
        var content = PromptContent(text: "a")
        #expect(content[.systemPrompt].isEmpty)
        content[.systemPrompt] = ""
        #expect(content.systemText == nil)
        content[.systemPrompt] = "s"
        content[.prompt] = "b"
        #expect(content == PromptContent(text: "b", systemText: "s"))
    }
}
